"""Errands that contests left: open ones, those of one contest, and who does how many."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from app.contests.models import Contest, ContestErrand, Errand
from app.core.extensions import db
from app.core.paging import Page, Place, page

SIZE = 50
LATELY = timedelta(days=7)
NAMES_SHOWN = 20


@dataclass(frozen=True)
class LeftErrand:
    id: int
    words: str
    code: str
    name: str
    left_at: datetime
    done_by: str | None
    done_at: datetime | None


@dataclass(frozen=True)
class KeptErrand:
    id: int
    words: str
    added_by: str
    added_at: datetime


def open_errands(at: Place) -> Page[LeftErrand]:
    """Those that wait longest first."""
    number = ContestErrand.id
    wanted = _left().where(ContestErrand.done_at.is_(None)).limit(SIZE + 1)
    wanted = wanted.order_by(number.desc() if at.backwards else number)
    if at.key:
        wanted = wanted.where(number < at.key[0] if at.backwards else number > at.key[0])
    rows = [LeftErrand(*row) for row in db.session.execute(wanted)]
    return page(rows, at, SIZE, lambda row: (row.id,))


def errands_of(contest_id: int) -> Sequence[LeftErrand]:
    wanted = _left().where(ContestErrand.contest_id == contest_id).order_by(ContestErrand.id)
    return [LeftErrand(*row) for row in db.session.execute(wanted.limit(SIZE))]


def done_lately() -> Sequence[tuple[str, int]]:
    """Who did how many in the last seven days, most first."""
    wanted = select(ContestErrand.done_by, func.count()).where(ContestErrand.done_at > func.now() - LATELY)
    ordered = wanted.group_by(ContestErrand.done_by).order_by(func.count().desc(), ContestErrand.done_by)
    return [(name or "", count) for name, count in db.session.execute(ordered.limit(NAMES_SHOWN))]


def kept_errands() -> Sequence[KeptErrand]:
    """Those that contests leave now."""
    columns = (Errand.id, Errand.words, Errand.added_by, Errand.added_at)
    found = select(*columns).where(Errand.retired_at.is_(None)).order_by(Errand.id).limit(SIZE)
    return [KeptErrand(*row) for row in db.session.execute(found)]


def _left() -> Any:
    columns = (
        ContestErrand.id, Errand.words, Contest.code, Contest.name, ContestErrand.left_at, ContestErrand.done_by,
        ContestErrand.done_at,
    )  # fmt: skip
    found = select(*columns).join(Errand, Errand.id == ContestErrand.errand_id)
    return found.join(Contest, Contest.id == ContestErrand.contest_id)
