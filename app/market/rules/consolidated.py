"""One price of many: the median of the fresh sources that do not stand apart from the others."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from app.market.rules.changes import TWO, bps_of

MAX_AGE_US = 3_000_000
MAX_DEVIATION = Decimal("0.02")
NEAR_BPS = 200
"""Prices whose spread is rounded to less than this are all within MAX_DEVIATION of each other."""


class Consolidated(NamedTuple):
    price: Decimal
    spread_bps: int | None
    """highest − lowest fresh price, of the consolidated price; None with one source"""


def consolidated(prices: Sequence[Decimal]) -> Consolidated:
    """Of the prices of the fresh sources, at least one, in ascending order. Called within `exactly`."""
    middle = median(prices)
    if len(prices) == 1:
        return Consolidated(middle, None)
    width = prices[-1] - prices[0]
    spread_bps = bps_of(width, middle)
    if spread_bps < NEAR_BPS:
        return Consolidated(middle, spread_bps)
    reach = middle * MAX_DEVIATION
    least, most = middle - reach, middle + reach
    price = median([one for one in prices if least <= one <= most] or [middle])
    return Consolidated(price, bps_of(width, price))


def median(ascending: Sequence[Decimal]) -> Decimal:
    """Of an even number: the mean of the middle two, exact."""
    half, odd = divmod(len(ascending), 2)
    if odd:
        return ascending[half]
    return (ascending[half - 1] + ascending[half]) / TWO
