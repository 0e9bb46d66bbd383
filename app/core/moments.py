"""Moments of a history that several domains tell together: the same columns from each, read as one list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select, tuple_, union_all

from app.core.extensions import db
from app.core.paging import Page, Place, microseconds, moment, page

Told = Select[tuple[datetime, int, Any]]


@dataclass(frozen=True)
class Moment:
    """`facts` are what the domain tells of it; times in them are ISO texts."""

    kind: str
    id: int
    at: datetime
    facts: Mapping[str, Any]


def told(at: Any, number: Any, **facts: Any) -> Told:
    """A domain's part: one row a moment. Whoever reads it puts limit and order on it, so it stays a plain select."""
    pairs = [part for name, value in facts.items() for part in (literal(name), value)]
    return select(at.label("at"), number.label("id"), func.jsonb_build_object(*pairs).label("facts"))


def moments_page(parts: Mapping[str, tuple[int, Told]], at: Place, size: int) -> Page[Moment]:
    """Newest first. Each kind has a number that orders moments of one time; each part reads no more than a page."""
    names = {number: kind for kind, (number, _) in parts.items()}
    slices = [_slice(number, part, at, size + 1).subquery() for number, part in parts.values()]
    if not slices:
        return Page([], None, None)
    whole = union_all(*(select(one) for one in slices)).subquery()
    order = (whole.c.at, whole.c.kind, whole.c.id)
    found = select(whole).order_by(*(column.asc() if at.backwards else column.desc() for column in order))
    rows = db.session.execute(found.limit(size + 1))
    moments = [Moment(names[row.kind], row.id, row.at, row.facts) for row in rows]
    return page(moments, at, size, lambda one: (microseconds(one.at), parts[one.kind][0], one.id))


def _slice(number: int, part: Told, at: Place, limit: int) -> Select[Any]:
    one = part.subquery()
    order: Sequence[Any] = (one.c.at, one.c.id)
    found = select(one.c.at, literal(number).label("kind"), one.c.id, one.c.facts)
    if at.key:
        found = found.where(_beyond(one, number, at))
    return found.order_by(*(column.asc() if at.backwards else column.desc() for column in order)).limit(limit)


def _beyond(one: Any, number: int, at: Place) -> ColumnElement[bool]:
    """After the key in the direction of the page; of one time the kinds follow each other by their numbers."""
    here, kind, last = moment(at.key[0]), at.key[1], at.key[2]
    if number == kind:
        mine, there = tuple_(one.c.at, one.c.id), tuple_(literal(here), literal(last))
        return mine > there if at.backwards else mine < there
    told_at: ColumnElement[datetime] = one.c.at
    if at.backwards:
        return told_at >= here if number > kind else told_at > here
    return told_at <= here if number < kind else told_at < here
