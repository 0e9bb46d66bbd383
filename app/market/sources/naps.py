"""When the sleepy tokens of the simulated market nap: every exchange falls silent, and tells of every second nap later.

What was told later makes contests late; what was never told leaves a gap for ever.
"""

from dataclasses import dataclass

SLEEPY = frozenset({"NAP"})
SLOT_MS, BEGINS_MS, LASTS_MS = 90_000, 40_000, 25_000
"""One nap in each slot; between two of them more time passes than a short contest's window takes."""


@dataclass(frozen=True)
class Nap:
    """`is_told_later`: at its end, all at once, under the times it happened."""

    begins_ms: int
    ends_ms: int
    is_told_later: bool

    def holds(self, at_ms: int) -> bool:
        return self.begins_ms <= at_ms < self.ends_ms


def nap_of(slot: int) -> Nap:
    begins_ms = slot * SLOT_MS + BEGINS_MS
    return Nap(begins_ms, begins_ms + LASTS_MS, slot % 2 == 0)


def nap_around(at_ms: int) -> Nap:
    """The one of the slot this moment lies in."""
    return nap_of(at_ms // SLOT_MS)


def nap_after(at_ms: int, *, is_told_later: bool) -> Nap:
    """The first of its kind that begins at this moment or later."""
    slots = range(at_ms // SLOT_MS, at_ms // SLOT_MS + 3)
    naps = (nap_of(slot) for slot in slots)
    return next(nap for nap in naps if nap.begins_ms >= at_ms and nap.is_told_later is is_told_later)
