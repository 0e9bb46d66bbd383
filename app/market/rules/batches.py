"""What the engine hands over to be stored: ticks as text that is ready to COPY, and what they add to each minute.

Exactly once rests on `since` and `upto`: a batch holds the entries of the stream after `since` up to `upto`, and is
stored only while the stored position is `since`. Who stored a part of it meanwhile makes it void.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from app.market.rules.feeds import LIVE_FEED

TICK_COLUMNS = ("feed_id", "token_id", "source", "price", "volume", "side", "at", "suspect")
START = "0-0"
"""The position before the first entry of the stream."""
NOTHING = "\\N"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class CandlePart:
    """What a batch adds to one minute of a token's consolidated price: its own first, highest, lowest and last price.

    The stored candle keeps its open, takes this close, widens to this high and low, and adds volumes and ticks.
    """

    token_id: int
    minute: datetime
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal
    bought: Decimal
    sold: Decimal
    ticks: int


@dataclass(frozen=True, slots=True)
class Latest:
    """A token's row of the newest frame, to replace the one that is stored."""

    token_id: int
    price: Decimal
    at: datetime
    m1_bps: int | None
    h1_bps: int | None
    d1_bps: int | None
    volume_24h: Decimal
    high_24h: Decimal
    low_24h: Decimal
    fresh_sources: int
    spread_bps: int | None
    mark: str | None


@dataclass(frozen=True, slots=True)
class Batch:
    """`ticks` holds one `tick_line` per tick. At most one part per token and minute, one row per token."""

    since: str
    upto: str
    ticks: str
    candles: Sequence[CandlePart] = ()
    latest: Sequence[Latest] = ()


def tick_line(row: Sequence[str], suspect: str | None = None) -> str:
    """A row of a stream entry as a line of COPY text for TICK_COLUMNS; prices are taken as they are written."""
    token_id, source, price, volume, side, at_us = row
    return (
        f"{LIVE_FEED}\t{token_id}\t{source}\t{price}\t{volume or NOTHING}\t{side or NOTHING}\t{stamp(int(at_us))}"
        f"\t{suspect or NOTHING}\n"
    )


def stamp(at_us: int) -> str:
    """Microseconds since 1970 as an exact UTC time that PostgreSQL reads."""
    second, rest = divmod(at_us, 1_000_000)
    return f"{_second(second)}.{rest:06d}Z"


@lru_cache(maxsize=4096)
def _second(second: int) -> str:
    return (EPOCH + timedelta(seconds=second)).strftime("%Y-%m-%dT%H:%M:%S")


def place_of(stream_id: str) -> tuple[int, int]:
    """A stream id in the order of the stream."""
    milliseconds, number = stream_id.split("-")
    return int(milliseconds), int(number)
