"""Whether the paid places hang on a thread: the same contest with prices made slightly otherwise, place by place."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from app.contests.rules.prizes import share

MOVED_BPS = 100
"""A prize may move by so much of itself before the draft counts as fragile."""


@dataclass(frozen=True)
class Standing:
    """An entry near the paid places. `rank` and `prize` as the draft has them, scores before and in the variant."""

    entry_id: int
    rank: int
    prize: int
    score: Decimal
    varied: Decimal


@dataclass(frozen=True)
class Variant:
    """`is_kept` when the same entries are paid and no prize moves by more than the limit. Lamports that moved."""

    name: str
    is_kept: bool
    moved_lamports: int
    note: str = ""

    def as_document(self) -> dict[str, object]:
        return {"name": self.name, "kept": self.is_kept, "moved_lamports": self.moved_lamports, "note": self.note}


def compared(name: str, places: Sequence[int], near: Iterable[Standing]) -> Variant:
    """`near` holds every entry that is paid, or could be in this variant."""
    standings = list(near)
    before = {one.entry_id: one.prize for one in standings}
    after = dict(varied_prizes(places, standings))
    moved = sum(abs(before[entry] - prize) for entry, prize in after.items()) // 2
    return Variant(name, all(_is_near(before[entry], prize) for entry, prize in after.items()), moved)


def varied_prizes(places: Sequence[int], standings: Sequence[Standing]) -> Iterable[tuple[int, int]]:
    """(entry, prize) by the variant's scores. Who was equal before and still is keeps the order that was found then.

    Those newly equal share, as nobody has separated them.
    """
    ahead = 0
    for _, group in groupby(sorted(standings, key=lambda one: (-one.varied, one.rank)), key=lambda one: one.varied):
        equals = list(group)
        if len({one.score for one in equals}) > 1:
            equals_by_rank = [equals]
        else:
            equals_by_rank = [list(same) for _, same in groupby(equals, key=lambda one: one.rank)]
        for same in equals_by_rank:
            each = share(places, ahead + 1, len(same)).each
            yield from ((one.entry_id, each) for one in same)
            ahead += len(same)


def _is_near(before: int, after: int) -> bool:
    if not before or not after:
        return before == after
    return abs(after - before) * 10_000 <= before * MOVED_BPS


def summary(variants: Sequence[Variant]) -> Mapping[str, object]:
    kept = sum(one.is_kept for one in variants)
    return {
        "is_fragile": kept < len(variants),
        "kept": kept,
        "of": len(variants),
        "variants": [one.as_document() for one in variants],
    }
