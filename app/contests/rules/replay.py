"""The ten minutes before and after the end of a contest, frame by frame."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from app.core.money import rounded

AROUND_S = 600
STEP_S = 10


@dataclass(frozen=True)
class Told:
    """What one source said last of a token, as it was fresh at a frame."""

    token_id: int
    at: datetime
    source: str
    price: Decimal


@dataclass(frozen=True)
class Middle:
    """The median of the fresh sources and how many there were; without a source there is none."""

    price: Decimal
    sources: int


def offsets() -> range:
    """Seconds from the end of each frame."""
    return range(-AROUND_S, AROUND_S + 1, STEP_S)


def nearest(offset_s: int) -> int:
    """The frame that shows this moment: not after it, and within the ten minutes."""
    held = max(-AROUND_S, min(AROUND_S, offset_s))
    return held - held % STEP_S


def frames(ends_at: datetime) -> list[datetime]:
    return [ends_at + timedelta(seconds=second) for second in offsets()]


def middles(told: Iterable[Told]) -> dict[tuple[int, datetime], Middle]:
    said = defaultdict[tuple[int, datetime], list[Decimal]](list)
    for one in told:
        said[one.token_id, one.at].append(one.price)
    return {key: Middle(median(prices), len(prices)) for key, prices in said.items()}


def median(prices: Sequence[Decimal]) -> Decimal:
    """Of an even number the mean of the middle two, exact."""
    ordered, half = sorted(prices), len(prices) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def ranks(values: Mapping[int, Decimal], score_decimals: int) -> dict[int, int]:
    """Among these alone, by rounded value and without tiebreakers; equals share: 1, 2, 2, 4."""
    scores = {key: rounded(value, score_decimals) for key, value in values.items()}
    return {key: 1 + sum(other > score for other in scores.values()) for key, score in scores.items()}
