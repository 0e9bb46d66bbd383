"""Weeks from Monday 00:00 UTC, and months; and the places in them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256


@dataclass(frozen=True)
class Span:
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Ranked:
    """A referrer's place; who counted nothing has none."""

    person_id: int
    counted: int
    rank: int


@dataclass(frozen=True)
class Prize:
    person_id: int
    rank: int
    lamports: int


def span(kind: str, at: datetime) -> Span:
    """The week or month that holds the moment."""
    day = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    if kind == "weekly":
        monday = day - timedelta(days=day.weekday())
        return Span(monday, monday + timedelta(days=7))
    first = day.replace(day=1)
    return Span(first, (first + timedelta(days=32)).replace(day=1))


def next_span(kind: str, after: datetime, now: datetime) -> Span:
    """The span that holds now, cut so that it begins no earlier than the last one ended."""
    whole = span(kind, now)
    return Span(max(whole.starts_at, after), whole.ends_at)


def ranks(counts: Iterable[tuple[int, int]]) -> list[Ranked]:
    """Of (person, counted): more is better, equals share the rank, and the next rank is left out: 1, 2, 2, 4."""
    ordered = sorted(
        ((person, counted) for person, counted in counts if counted > 0), key=lambda one: (-one[1], one[0])
    )
    found: list[Ranked] = []
    for place, (person, counted) in enumerate(ordered, 1):
        shares = bool(found) and found[-1].counted == counted
        found.append(Ranked(person, counted, found[-1].rank if shares else place))
    return found


def prizes(ranked: Sequence[Ranked], places: Sequence[int]) -> list[Prize]:
    """Each place's lamports. A tied group shares what its places are worth; an uneven rest is not paid."""
    found, sharing = [], Counter(one.rank for one in ranked)
    for one in ranked:
        group = sharing[one.rank]
        lamports = sum(places[one.rank - 1 : one.rank - 1 + group]) // group
        if lamports:
            found.append(Prize(one.person_id, one.rank, lamports))
    return found


def trend(rank: int | None, previous: int | None) -> str:
    """up, down, same or new, against the last refresh."""
    if rank is None:
        return "same" if previous is None else "down"
    if previous is None:
        return "new"
    return "same" if rank == previous else "up" if rank < previous else "down"


def standings_hash(rows: Iterable[tuple[int, str, int, int]]) -> str:
    """SHA-256 over rank, wallet, counted and lamports of every line, in order."""
    lines = (f"{rank} {wallet} {counted} {lamports}" for rank, wallet, counted, lamports in rows)
    return sha256("\n".join(lines).encode()).hexdigest()
