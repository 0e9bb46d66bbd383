"""Sources of one token beside each other: how far each stands from the price made of them, and why one is left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from app.market.rules.changes import change_bps, exactly
from app.market.rules.consolidated import MAX_AGE_US, MAX_DEVIATION, consolidated

MAX_AGE = timedelta(microseconds=MAX_AGE_US)
MAX_DEVIATION_BPS = int(MAX_DEVIATION.scaleb(4))
SUSPECT = {"jump": "jumped by more than 30 % at once", "frozen": "stood still while others moved"}


@dataclass(frozen=True)
class Told:
    """The last price of a source."""

    source: str
    price: Decimal
    at: datetime
    suspect: str | None


@dataclass(frozen=True)
class Compared:
    """`dropped` says why the source is not part of the price, `doubt` why it is looked at twice; empty for neither."""

    told: Told
    age: timedelta
    deviation_bps: int | None
    dropped: str
    doubt: str


@exactly
def compared(told: Sequence[Told], now: datetime) -> list[Compared]:
    """Against the consolidated price; while no source is fresh, against that of all last prices."""
    if not told:
        return []
    fresh = sorted(one.price for one in told if now - one.at <= MAX_AGE)
    price = consolidated(fresh or sorted(one.price for one in told)).price
    return [_compared(one, price, now) for one in told]


def _compared(one: Told, price: Decimal, now: datetime) -> Compared:
    age = max(now - one.at, timedelta(0))
    deviation = change_bps(one.price, price)
    dropped = ""
    if age > MAX_AGE:
        dropped = "too old"
    elif abs(deviation or 0) > MAX_DEVIATION_BPS:
        dropped = f"more than {MAX_DEVIATION_BPS} bp from the median"
    return Compared(one, age, deviation, dropped, SUSPECT.get(one.suspect or "", ""))
