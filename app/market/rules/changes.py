"""How prices moved: changes in basis points against one minute, one hour and one day ago, and the day's figures."""

from collections.abc import Callable
from decimal import Context, Decimal, getcontext, localcontext
from functools import wraps
from typing import NamedTuple, ParamSpec, TypeVar

LARGEST_BPS = 1_000_000_000
"""Changes and spreads beyond a factor of 100,000 are told as that much."""
DIGITS = 100
"""Enough for every step on prices to be exact: a price has at most 42 digits."""
WIDE = Context(prec=DIGITS)
TWO, DOUBLE_BPS = Decimal(2), Decimal(20_000)
P = ParamSpec("P")
R = TypeVar("R")


def exactly(work: Callable[P, R]) -> Callable[P, R]:
    """Within it every step on prices is exact. Entered once for many: operators cost less than WIDE's methods."""

    @wraps(work)
    def done(*given: P.args, **named: P.kwargs) -> R:
        with localcontext(WIDE):
            return work(*given, **named)

    return done


def bps_of(part: Decimal, whole: Decimal) -> int:
    """Whole basis points, half away from zero, at most LARGEST_BPS either way; `whole` is above 0."""
    if getcontext().prec < DIGITS:
        raise ArithmeticError("Prices are compared within `exactly`: here their digits would be cut off.")
    size = int((abs(part) * DOUBLE_BPS + whole) // (whole * TWO))
    amount = size if size < LARGEST_BPS else LARGEST_BPS
    return -amount if part < 0 else amount


def change_bps(price: Decimal, before: Decimal | None) -> int | None:
    """How far the price is from an earlier one; None when there was none."""
    return None if before is None else bps_of(price - before, before)


class Day(NamedTuple):
    """What candles say of a token before `minute` (minutes since 1970), and the prices an hour and a day before it."""

    minute: int
    hour_ago: Decimal | None
    day_ago: Decimal | None
    volume: Decimal
    high: Decimal | None
    low: Decimal | None

    @classmethod
    def nothing(cls, minute: int) -> "Day":
        return cls(minute, None, None, Decimal(0), None, None)
