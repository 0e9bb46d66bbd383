"""How fast something may come, counted in this process: a socket cannot ask Valkey about each message."""

import time
from collections.abc import Hashable

SECONDS = {"second": 1, "minute": 60, "hour": 3600}
LARGEST_CROWD = 10_000


class Pace:
    """A bucket of as many as the rate names ("20 per second", "120 per 10 seconds"), which refills evenly."""

    __slots__ = ("_at", "_left", "_most", "_per_s")

    def __init__(self, rate: str) -> None:
        amount, _per, *several, unit = rate.split()
        self._most = float(amount)
        self._per_s = self._most / (int(several[0]) if several else 1) / SECONDS[unit.rstrip("s")]
        self._left = self._most
        self._at = time.monotonic()

    def allows(self) -> bool:
        """Takes one, if one is left."""
        now = time.monotonic()
        self._left = min(self._most, self._left + (now - self._at) * self._per_s)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


class Paces:
    """One pace for each of many."""

    def __init__(self, rate: str) -> None:
        self._rate = rate
        self._of: dict[Hashable, Pace] = {}

    def allows(self, who: Hashable) -> bool:
        if who not in self._of and len(self._of) >= LARGEST_CROWD:
            self._of.clear()  # forgets everybody rather than grow: who floods is slowed again at once
        return self._of.setdefault(who, Pace(self._rate)).allows()
