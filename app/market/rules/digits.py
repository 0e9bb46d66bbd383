"""How many decimals a token's price is written with, so that its column stands still."""

from decimal import Decimal

DIGITS = 6
FEWEST, MOST = 2, 18


def places(price: Decimal) -> int:
    """Six digits that count: 142.31 → 3, 0.00002131 → 10. The same until the price is ten times as high or low."""
    return min(MOST, max(FEWEST, DIGITS - 1 - price.adjusted()))
