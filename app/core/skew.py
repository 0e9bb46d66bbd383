"""How far this machine's clock is from the database's, which decides."""

from datetime import UTC, datetime

from app.core.clock import database_now


def skew_ms() -> int:
    """Positive when ours is ahead; half of the round trip is taken off."""
    before = datetime.now(UTC)
    theirs = database_now()
    after = datetime.now(UTC)
    middle = before + (after - before) / 2
    return round((middle - theirs).total_seconds() * 1000)
