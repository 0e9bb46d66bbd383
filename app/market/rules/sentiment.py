"""How the market feels, −100 … +100, and whether volume grows.

score = 40 % breadth + 30 % imbalance + 30 % momentum, each −1 … +1, over the last 15 minutes:

- breadth, of a token: (minutes it rose − minutes it fell) / minutes; of the market: the same of tokens;
- imbalance: (bought − sold) / (bought + sold) volume, of the market valued at each token's price;
- momentum: the token's change, where 200 bps and more count as 1; of the market: the mean of its tokens' momenta.
"""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from app.core.money import rounded
from app.market.rules.changes import change_bps, exactly

MINUTES = 15
FULL_MOMENTUM_BPS = 200
WHOLE = 10_000
"""Breadth, imbalance and momentum are kept in basis points of 1."""
BREADTH, IMBALANCE, MOMENTUM = 40, 30, 30
TREND_PERCENT = 10
NOTHING = Decimal(0)


class Bar(NamedTuple):
    """One minute of a token; its prices are 0 while it has none."""

    minute: int
    close: Decimal
    high: Decimal
    low: Decimal
    volume: Decimal
    bought: Decimal
    sold: Decimal


class Mood(NamedTuple):
    """A token's part in the market's sentiment: rising (+1), falling (−1) or neither, what was traded, momentum."""

    score: int
    direction: int
    bought: Decimal
    sold: Decimal
    momentum: int


def score(breadth: int, imbalance: int, momentum: int) -> int:
    points = BREADTH * breadth + IMBALANCE * imbalance + MOMENTUM * momentum
    return int(rounded(Decimal(points) / WHOLE, 0))


@exactly
def mood(price: Decimal, bars: Sequence[Bar]) -> Mood:
    """Of a token at this price, after these minutes, newest last; those before the last 15 do not count."""
    recent = bars[-MINUTES:]
    closes = [*(bar.close for bar in bars[-MINUTES - 1 :]), price]
    steps = [(after > before) - (after < before) for before, after in pairwise(closes)]
    breadth = share(sum(steps), len(steps))
    bought = sum((bar.bought for bar in recent), Decimal(0)) * price
    sold = sum((bar.sold for bar in recent), Decimal(0)) * price
    moved = change_bps(price, closes[0]) or 0
    momentum = share(max(-FULL_MOMENTUM_BPS, min(FULL_MOMENTUM_BPS, moved)), FULL_MOMENTUM_BPS)
    points = score(breadth, imbalance(bought, sold), momentum)
    return Mood(points, (moved > 0) - (moved < 0), bought, sold, momentum)


def market_score(moods: Sequence[Mood]) -> int:
    """The sentiment of all tokens together; 0 when there are none."""
    bought = sum((one.bought for one in moods), Decimal(0))
    sold = sum((one.sold for one in moods), Decimal(0))
    breadth = share(sum(one.direction for one in moods), len(moods))
    return score(breadth, imbalance(bought, sold), share(sum(one.momentum for one in moods), len(moods) * WHOLE))


def imbalance(bought: Decimal, sold: Decimal) -> int:
    traded = bought + sold
    return int(rounded((bought - sold) * WHOLE / traded, 0)) if traded else 0


def share(part: int, whole: int) -> int:
    return int(rounded(Decimal(part) * WHOLE / whole, 0)) if whole else 0


def trend(now: Decimal, before: Decimal) -> str:
    """Whether volume is `rising` or `falling` by more than 10 %, else `steady`."""
    if now * 100 > before * (100 + TREND_PERCENT):
        return "rising"
    return "falling" if now * 100 < before * (100 - TREND_PERCENT) else "steady"
