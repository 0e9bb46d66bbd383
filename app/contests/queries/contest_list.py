"""The list of contests: found by a query line, newest end first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, tuple_, union_all
from sqlalchemy.orm import aliased

from app.contests.models import Contest, Evaluation, Tie, Transition
from app.contests.queries.waiting import WAITS_SINCE
from app.contests.rules.search import SELF_RUNNING_STATES, WAITING_STATES, WORKED_STATES, Search
from app.core.extensions import db
from app.core.paging import Page, Place, microseconds, moment, page

SIZE = 25


@dataclass(frozen=True)
class ContestLine:
    """`since` is when the wait for an evaluation began, `proposed_at` when it first ended, `now` the reading's time."""

    id: int
    code: str
    name: str
    state: str
    starts_at: datetime
    ends_at: datetime
    since: datetime
    proposed_at: datetime | None
    entries: int
    pool_lamports: int
    open_ties: int
    ties: int
    verified: str | None
    review_reason: str | None
    void_reason: str | None
    last_error: str | None
    dead_at: datetime | None
    last_check: dict[str, Any] | None
    next_try_at: datetime | None
    now: datetime


def contests_page(search: Search, at: Place, size: int = SIZE) -> Page[ContestLine]:
    ids = _ids(search, at, size + 1).subquery()
    order = _order(at.backwards)
    rows = db.session.execute(lines().join(ids, ids.c.id == Contest.id).order_by(*order))
    return page([ContestLine(**row) for row in rows.mappings()], at, size, position)


def contests_count(search: Search, most: int) -> int:
    """How many match, counted no further than one past `most`."""
    some = _ids(search, Place(), most + 1).subquery()
    return db.session.execute(select(func.count(some.c.id))).scalar_one()


def needs_person() -> ColumnElement[bool]:
    """A contest that runs itself needs nobody until its job gives up."""
    gave_up = and_(Contest.state.in_((*WORKED_STATES, "scheduled")), Contest.dead_at.is_not(None))
    runs_itself = and_(Contest.state.in_(SELF_RUNNING_STATES), Contest.next_try_at.is_not(None))
    return or_(and_(Contest.state.in_(WAITING_STATES), ~runs_itself), gave_up)


def position(line: ContestLine) -> tuple[int, ...]:
    return microseconds(line.ends_at), line.id


def lines() -> Select[Any]:
    """Contests with everything a line shows of them; the caller says which and in what order."""
    newest = (
        select(Evaluation.id, Evaluation.pool_lamports, Evaluation.verified)
        .where(Evaluation.contest_id == Contest.id, Evaluation.state != "superseded")
        .order_by(Evaluation.version.desc())
        .limit(1)
        .lateral("newest")
    )
    ties = (
        select(func.count().label("all"), func.count().filter(Tie.choice.is_(None)).label("open"))
        .where(Tie.evaluation_id == newest.c.id)
        .lateral("tied")
    )
    proposed = (
        select(func.min(Transition.at).label("at"))
        .where(Transition.contest_id == Contest.id, Transition.to_state == "proposed")
        .lateral("proposed")
    )
    expected = Contest.entries_count * Contest.entry_fee_lamports + Contest.sponsored_lamports
    columns = (
        Contest.id, Contest.code, Contest.name, Contest.state, Contest.starts_at, Contest.ends_at,
        WAITS_SINCE.label("since"),
        proposed.c.at.label("proposed_at"), Contest.entries_count.label("entries"),
        func.coalesce(newest.c.pool_lamports, expected).label("pool_lamports"),
        ties.c.open.label("open_ties"), ties.c.all.label("ties"), newest.c.verified,
        Contest.review_reason, Contest.void_reason, Contest.last_error, Contest.dead_at, Contest.last_check,
        Contest.next_try_at, func.clock_timestamp().label("now"),
    )  # fmt: skip
    joined: Any = Contest.__table__
    for part in (newest, ties, proposed):
        joined = joined.outerjoin(part, literal(True))
    return select(*columns).select_from(joined)


def _ids(search: Search, at: Place, limit: int) -> Select[Any]:
    """One short index scan a state: a filter never reads the contests it leaves out."""
    if search.states is None:
        return select(_slice(at, limit, _conditions(search)).subquery().c.id)
    if not search.states:
        return select(Contest.id).where(literal(False))
    slices = [_slice(at, limit, [Contest.state == state, *_conditions(search)]).subquery() for state in search.states]
    merged = union_all(*(select(one.c.id, one.c.ends_at) for one in slices)).subquery()
    order = (merged.c.ends_at, merged.c.id) if at.backwards else (merged.c.ends_at.desc(), merged.c.id.desc())
    return select(merged.c.id).order_by(*order).limit(limit)


def _slice(at: Place, limit: int, conditions: list[ColumnElement[bool]]) -> Select[int, datetime]:
    found = select(Contest.id, Contest.ends_at).where(*conditions).order_by(*_order(at.backwards)).limit(limit)
    if not at.key:
        return found
    here, there = tuple_(Contest.ends_at, Contest.id), tuple_(literal(moment(at.key[0])), literal(at.key[1]))
    return found.where(here > there if at.backwards else here < there)


def _conditions(search: Search) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if search.todo:
        found.append(needs_person())
    if search.tied:
        draft = aliased(Evaluation)
        found.append(
            select(Tie.id)
            .join(draft, draft.id == Tie.evaluation_id)
            .where(draft.contest_id == Contest.id, draft.state == "draft", Tie.choice.is_(None))
            .exists()
        )
    for word in search.words:
        found.append(or_(Contest.code.icontains(word, autoescape=True), Contest.name.icontains(word, autoescape=True)))
    return found


def _order(backwards: bool) -> tuple[ColumnElement[Any], ...]:
    if backwards:
        return Contest.ends_at.asc(), Contest.id.asc()
    return Contest.ends_at.desc(), Contest.id.desc()
