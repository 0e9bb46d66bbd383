"""What goes wrong in the simulated market, so that everybody sees what the platform makes of it.

At most one thing at a time, in a slot of its own, decided by seed and time alone.
"""

from dataclasses import dataclass

from app.market.sources.walking import mixed

SLOT_MS = 100_000
KINDS = ("silent", "silent", "deviating", "frozen", "nonsense", "jumping", "calm", "calm")
LASTS_MS = {"deviating": 12_000, "frozen": 80_000, "nonsense": 10_000, "jumping": 1}


@dataclass(frozen=True)
class Trouble:
    """`source` is silent for every token; everything else befalls one token of the bad source."""

    kind: str
    since_ms: int
    until_ms: int
    source: int
    token: int
    size: int
    """Any number, for whoever wants more chance."""

    def holds(self, at_ms: int) -> bool:
        return self.since_ms <= at_ms < self.until_ms


def trouble_of(seed: int, slot: int, *, sources: int, bad: int, tokens: int) -> Trouble:
    bits = mixed(seed, 4_242, slot)
    kind = KINDS[bits % len(KINDS)]
    lasts_ms = 5_000 + (bits >> 8) % 15_000 if kind == "silent" else LASTS_MS.get(kind, 0)
    since_ms = slot * SLOT_MS + (bits >> 24) % (SLOT_MS - lasts_ms)
    source = (bits >> 44) % sources if kind == "silent" else bad
    return Trouble(kind, since_ms, since_ms + lasts_ms, source, (bits >> 48) % max(tokens, 1), bits >> 52)
