"""The queue of submissions: found by a query line, whoever waits longest first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, ScalarSelect, Select, Text, cast, func, literal, select, tuple_, union_all

from app.core.extensions import db
from app.core.paging import Page, Place, microseconds, moment, page
from app.whitelist.models import Submission
from app.whitelist.rules.life import STATES
from app.whitelist.rules.search import Search

SIZE = 14
MOST_COUNTED = 1000
WAITING = Submission.state == "awaiting_review"
COLUMNS: tuple[Any, ...] = (
    Submission.id, Submission.mint, Submission.symbol, Submission.name, Submission.submitter, Submission.state,
    Submission.version, Submission.received_at, Submission.checked_at, Submission.fails, Submission.unknowns,
    Submission.warnings, Submission.conflicts, Submission.claimed_by, Submission.claimed_by_id,
)  # fmt: skip


@dataclass(frozen=True)
class QueueLine:
    id: int
    mint: str
    symbol: str
    name: str
    submitter: str
    state: str
    version: int
    received_at: datetime
    checked_at: datetime | None
    fails: int
    unknowns: int
    warnings: int
    conflicts: int
    claimed_by: str | None
    claimed_by_id: str | None


def queue_page(search: Search, me: str, at: Place, size: int = SIZE) -> Page[QueueLine]:
    """`me` is whose `has:mine` is. No filter reads the submissions it leaves out: each has an index in this order."""
    ids = _ids(search, me, at, size + 1).subquery()
    rows = db.session.execute(select(*COLUMNS).join(ids, ids.c.id == Submission.id).order_by(*_order(at.backwards)))
    return page([QueueLine(*row) for row in rows], at, size, lambda line: (microseconds(line.received_at), line.id))


def waiting_for(search: Search, me: str, limit: int) -> Sequence[QueueLine]:
    """Those among the found that wait for a decision, who waits longest first."""
    asked = STATES if search.states is None else search.states
    states = tuple(state for state in asked if state == "awaiting_review")
    return queue_page(replace(search, states=states), me, Place(), limit).rows


def next_waiting(after: int) -> int | None:
    """The submission to review after that one: who waits next, and after the last again the first. None: no other."""
    here = select(Submission.received_at, Submission.id).where(Submission.id == after).subquery()
    later = tuple_(Submission.received_at, Submission.id) > select(here.c.received_at, here.c.id).scalar_subquery()
    in_order = select(Submission.id).where(WAITING, Submission.id != after).order_by(*_order(backwards=False)).limit(1)
    return db.session.execute(in_order.where(later)).scalar() or db.session.execute(in_order).scalar()


def waiting_count() -> ScalarSelect[int]:
    """How many wait for a decision, counted no further than MOST_COUNTED; a statement for others to put together."""
    some = select(literal(1).label("one")).where(WAITING).limit(MOST_COUNTED).subquery()
    return select(func.count(some.c.one)).scalar_subquery()


def longest_waiting(limit: int) -> Sequence[QueueLine]:
    found = select(*COLUMNS).where(WAITING).order_by(*_order(backwards=False)).limit(limit)
    return [QueueLine(*row) for row in db.session.execute(found)]


def verdicts_on(submitters: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Of each submitter: how many of the last ten submissions were approved, and how many rejected."""
    listed = func.unnest(cast(sorted(set(submitters)), ARRAY(Text)))
    asked = listed.table_valued("submitter").render_derived(name="asked")
    last = (
        select(Submission.state)
        .where(Submission.submitter == asked.c.submitter)
        .order_by(Submission.received_at.desc(), Submission.id.desc())
        .limit(10)
        .lateral("last")
    )
    approved, rejected = (func.count().filter(last.c.state == state) for state in ("approved", "rejected"))
    counted = (
        select(asked.c.submitter, approved, rejected).join_from(asked, last, literal(True)).group_by(asked.c.submitter)
    )
    return {submitter: (good, bad) for submitter, good, bad in db.session.execute(counted)}


def _ids(search: Search, me: str, at: Place, limit: int) -> Select[Any]:
    """One short index scan a state, put together in order."""
    conditions = _conditions(search, me)
    states = STATES if search.states is None and search.marks else search.states
    if states is None:
        return select(_slice(at, limit, conditions).subquery().c.id)
    if not states:
        return select(Submission.id).where(literal(False))
    slices = [_slice(at, limit, [Submission.state == state, *conditions]).subquery() for state in states]
    merged = union_all(*(select(one.c.id, one.c.received_at) for one in slices)).subquery()
    ascending = not at.backwards
    order = [column.asc() if ascending else column.desc() for column in (merged.c.received_at, merged.c.id)]
    return select(merged.c.id).order_by(*order).limit(limit)


def _slice(at: Place, limit: int, conditions: list[ColumnElement[bool]]) -> Select[int, datetime]:
    found = select(Submission.id, Submission.received_at).where(*conditions).order_by(*_order(at.backwards))
    if at.key:
        here = tuple_(Submission.received_at, Submission.id)
        there = tuple_(literal(moment(at.key[0])), literal(at.key[1]))
        found = found.where(here < there if at.backwards else here > there)
    return found.limit(limit)


def _conditions(search: Search, me: str) -> list[ColumnElement[bool]]:
    marks = {
        "red": Submission.fails > 0, "unknown": Submission.unknowns > 0, "conflict": Submission.conflicts > 0,
        "mine": Submission.claimed_by_id == me,
    }  # fmt: skip
    found = [marks[mark] for mark in search.marks]
    if search.symbol:
        found.append(Submission.symbol == search.symbol.upper())
    if search.mint:
        found.append(Submission.mint == search.mint)
    if search.submitter:
        found.append(Submission.submitter == search.submitter)
    return found


def _order(backwards: bool) -> tuple[ColumnElement[Any], ...]:
    if backwards:
        return Submission.received_at.desc(), Submission.id.desc()
    return Submission.received_at.asc(), Submission.id.asc()
