"""What waits for a person at the contest desk, worst first, and its clocks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, union_all

from app.contests.models import Contest, Import
from app.contests.queries.contest_list import ContestLine, lines, needs_person
from app.contests.queries.waiting import WAITS_SINCE
from app.contests.rules.search import UNEVALUATED_STATES
from app.core.clock import database_now
from app.core.extensions import db

SHOWN = 25
REFUSED_SHOWN_FOR = timedelta(days=1)


@dataclass(frozen=True)
class ImportLine:
    id: int
    state: str
    file_name: str
    problem: str | None
    handed_in_by: str
    created_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True)
class Mark:
    """A moment that a clock shows, and the contest it belongs to."""

    code: str
    at: datetime


@dataclass(frozen=True)
class Clocks:
    """The next end of a live contest, the contest that waits longest for its evaluation, the newest final one."""

    now: datetime
    next_end: Mark | None
    oldest_unevaluated: Mark | None
    newest_final: Mark | None


def contests_waiting(limit: int = SHOWN) -> Sequence[ContestLine]:
    worst = case(
        (Contest.dead_at.is_not(None), 0),
        (Contest.state == "review", 1),
        (Contest.state == "delayed", 2),
        (Contest.state == "ended", 3),
        else_=4,
    )
    found = lines().where(needs_person()).order_by(worst, Contest.ends_at, Contest.id).limit(limit)
    return [ContestLine(**row) for row in db.session.execute(found).mappings()]


def imports_waiting(limit: int = SHOWN) -> Sequence[ImportLine]:
    """Uploads that somebody should confirm, and those refused within the last day."""
    found = (
        select(*(getattr(Import, name) for name in ImportLine.__dataclass_fields__))
        .where(import_needs_person())
        .order_by(Import.state.desc(), Import.id)
        .limit(limit)
    )
    return [ImportLine(**row) for row in db.session.execute(found).mappings()]


def import_needs_person() -> ColumnElement[bool]:
    lately = Import.finished_at > func.now() - REFUSED_SHOWN_FOR
    return or_(Import.state == "ready", and_(Import.state == "refused", lately))


def contests_count() -> Any:
    """How many contests need a person, as a value for the statement that counts everything; the lists show these."""
    return select(func.count()).select_from(Contest).where(needs_person()).scalar_subquery()


def imports_count() -> Any:
    return select(func.count()).select_from(Import).where(import_needs_person()).scalar_subquery()


def clocks() -> Clocks:
    waiting_since = WAITS_SINCE
    firsts = [
        _first("next_end", Contest.ends_at, Contest.state == "live", Contest.ends_at),
        _first("oldest_unevaluated", waiting_since, Contest.state.in_(UNEVALUATED_STATES), waiting_since),
        _first("newest_final", Contest.ends_at, Contest.state == "final", Contest.ends_at.desc()),
    ]
    marks = {row.clock: Mark(row.code, row.at) for row in db.session.execute(union_all(*firsts))}
    return Clocks(database_now(), marks.get("next_end"), marks.get("oldest_unevaluated"), marks.get("newest_final"))


def _first(clock: str, at: Any, condition: ColumnElement[bool], order: Any) -> Select[Any]:
    one = select(literal(clock).label("clock"), Contest.code, at.label("at")).where(condition).order_by(order).limit(1)
    return select(one.subquery())
