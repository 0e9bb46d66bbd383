"""The sentiment of one token, taken apart into the terms it adds up from."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from app.market.rules import sentiment
from app.market.rules.changes import change_bps, exactly
from app.market.rules.sentiment import Bar


@dataclass(frozen=True)
class Term:
    """`share` is −10000…+10000, in basis points of 1; `weight` per cent of the score."""

    name: str
    words: str
    share: int
    weight: int


@dataclass(frozen=True)
class Terms:
    score: int
    terms: tuple[Term, ...]


@exactly
def terms(price: Decimal, bars: Sequence[Bar]) -> Terms:
    """Of a token at this price, after these minutes, newest last."""
    felt = sentiment.mood(price, bars)
    closes = [*(bar.close for bar in bars[-sentiment.MINUTES - 1 :]), price]
    steps = [(after > before) - (after < before) for before, after in pairwise(closes)]
    moved = change_bps(price, closes[0]) or 0
    told = f"moved {'−' if moved < 0 else '+'}{abs(moved)} bp; {sentiment.FULL_MOMENTUM_BPS} count in full"
    return Terms(
        felt.score,
        (
            Term(
                "Breadth", f"rose {steps.count(1)} and fell {steps.count(-1)} of {len(steps)} times",
                sentiment.share(sum(steps), len(steps)), sentiment.BREADTH,
            ),
            Term(
                "Imbalance", "bought against sold volume",
                sentiment.imbalance(felt.bought, felt.sold), sentiment.IMBALANCE,
            ),
            Term("Momentum", told, felt.momentum, sentiment.MOMENTUM),
        ),
    )  # fmt: skip
