"""What stands out: a minute's volume or move, against the hour of minutes before it."""

import math
from collections import deque
from collections.abc import Iterable
from decimal import Decimal

SAMPLES, ENOUGH = 60, 10
VOLUME_SIGMAS, MOVE_SIGMAS = 2.5, 2


class Usual:
    """The last samples of a figure, and whether a new one is beyond their mean + so many σ."""

    __slots__ = ("_samples",)

    def __init__(self) -> None:
        self._samples: deque[float] = deque(maxlen=SAMPLES)

    def add(self, sample: float) -> None:
        self._samples.append(sample)

    def excess(self, sample: float) -> float | None:
        """How many σ above the mean; None before there are more than ENOUGH samples, or while they are all alike."""
        count = len(self._samples)
        if count <= ENOUGH:
            return None
        mean = sum(self._samples) / count
        sigma = math.sqrt(sum((one - mean) ** 2 for one in self._samples) / count)
        return (sample - mean) / sigma if sigma > 0 else None


class Watch:
    """The usual volumes and moves of one token, minute by minute."""

    __slots__ = ("_moves", "_volumes")

    def __init__(self) -> None:
        self._volumes = Usual()
        self._moves = Usual()

    def closed(self, volume: Decimal, move_bps: int | None) -> tuple[float | None, float | None]:
        """Takes in a minute; by how many σ its volume is a spike and its move a move, None for what is usual."""
        spike = moved = None
        if volume > 0:
            size = math.log10(volume)
            spike = _beyond(self._volumes.excess(size), VOLUME_SIGMAS)
            self._volumes.add(size)
        if move_bps is not None:
            moved = _beyond(self._moves.excess(abs(move_bps)), MOVE_SIGMAS)
            self._moves.add(abs(move_bps))
        return spike, moved


def strongest(found: Iterable[tuple[float, int, str]], limit: int) -> list[tuple[float, int, str]]:
    """Of (σ, token, words) those that stand out most, strongest last."""
    return sorted(found)[-limit:]


def _beyond(excess: float | None, sigmas: float) -> float | None:
    return excess if excess is not None and excess > sigmas else None
