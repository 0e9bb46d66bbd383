"""From where on a fact of a token is a question for a reviewer. Admins change them; every change is a new version."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Thresholds:
    """In dollars, days, accounts, and hundredths of a per cent of the supply."""

    market_cap: int
    volume_24h: int
    liquidity: int
    holders: int
    top_ten_bps: int
    age_days: int


USUAL = Thresholds(market_cap=100_000, volume_24h=10_000, liquidity=20_000, holders=500, top_ten_bps=5000, age_days=21)
LARGEST = Thresholds(
    market_cap=10**15, volume_24h=10**15, liquidity=10**15, holders=10**9, top_ten_bps=10_000, age_days=36_500
)
"""No threshold may be above this, and none below 0."""
