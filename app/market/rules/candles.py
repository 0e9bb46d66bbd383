"""Minutes, as candles count them."""

from datetime import UTC, datetime, timedelta

MINUTE_US = 60_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def minute_of(at_us: int) -> int:
    """Whole minutes since 1970."""
    return at_us // MINUTE_US


def start_of(minute: int) -> datetime:
    return EPOCH + timedelta(minutes=minute)
