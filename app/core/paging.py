"""Pages of a long list by key: the same speed on every page, and no row twice when others are added meanwhile."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar

Row = TypeVar("Row")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
LAST_MOMENT = datetime(9999, 12, 31, tzinfo=UTC)


@dataclass(frozen=True)
class Place:
    """Where a page lies: after the key, before it, or (no key) at the beginning."""

    key: tuple[int, ...] = ()
    backwards: bool = False


@dataclass(frozen=True)
class Page(Generic[Row]):
    """`before` and `after` are the cursors of the neighbouring pages, None where there is none."""

    rows: Sequence[Row]
    before: str | None
    after: str | None


def place(after: str | None, before: str | None, *, parts: int) -> Place:
    """Reads the cursors of an address; one that is not ours leads to the beginning."""
    for text, backwards in ((after, False), (before, True)):
        numbers = (text or "").split("_")
        if len(numbers) == parts and all(number.isascii() and number.isdigit() for number in numbers):
            key = tuple(int(number) for number in numbers)
            if max(key) < 2**63:
                return Place(key, backwards)
    return Place()


def page(found: Sequence[Row], at: Place, size: int, key: Callable[[Row], tuple[int, ...]]) -> Page[Row]:
    """`found` is up to `size + 1` rows, read from the place in the direction of the page."""
    more = len(found) > size
    rows = list(found[:size])
    if at.backwards:
        rows.reverse()
    cursors = ["_".join(map(str, key(row))) for row in (rows[:1] + rows[-1:])] or ["", ""]
    has_before = more if at.backwards else bool(at.key)
    has_after = at.backwards or more
    return Page(rows, cursors[0] if rows and has_before else None, cursors[1] if rows and has_after else None)


def microseconds(moment: datetime) -> int:
    """A time as part of a key: microseconds since 1970, exact."""
    return (moment - EPOCH) // MICROSECOND


def moment(microseconds_since_1970: int) -> datetime:
    return EPOCH + MICROSECOND * min(microseconds_since_1970, microseconds(LAST_MOMENT))
