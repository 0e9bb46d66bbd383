"""One price of many: the median of the fresh sources that do not stand apart from the others."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from app.market.rules.changes import TWO, WIDE, bps_of

MAX_AGE_US = 3_000_000
MAX_DEVIATION = Decimal("0.02")


class Consolidated(NamedTuple):
    price: Decimal
    spread_bps: int | None
    """highest − lowest fresh price, of the consolidated price; None with one source"""


def consolidated(prices: Sequence[Decimal]) -> Consolidated:
    """Of the prices of the fresh sources, at least one, in ascending order."""
    middle = median(prices)
    low, high = prices[0], prices[-1]
    if low == high:
        return Consolidated(middle, None if len(prices) == 1 else 0)
    reach = WIDE.multiply(middle, MAX_DEVIATION)
    least, most = WIDE.subtract(middle, reach), WIDE.add(middle, reach)
    price = middle
    if low < least or high > most:
        price = median([one for one in prices if least <= one <= most] or [middle])
    return Consolidated(price, bps_of(WIDE.subtract(high, low), price))


def median(ascending: Sequence[Decimal]) -> Decimal:
    """Of an even number: the mean of the middle two, exact."""
    half, odd = divmod(len(ascending), 2)
    if odd:
        return ascending[half]
    return WIDE.divide(WIDE.add(ascending[half - 1], ascending[half]), TWO)
