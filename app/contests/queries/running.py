"""Contests that everybody follows: those being played, on their way to a result, or about to start."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, select

from app.contests.models import Contest
from app.contests.queries.waiting import WAITS_SINCE
from app.contests.rules.search import UNEVALUATED_STATES
from app.core.extensions import db

FOLLOWED = ("review", "delayed", *UNEVALUATED_STATES, "live", "proposed", "paying", "scheduled")


@dataclass(frozen=True)
class ContestOnWall:
    """`since` is when the wait for an evaluation began."""

    code: str
    name: str
    state: str
    starts_at: datetime
    ends_at: datetime
    since: datetime


def contests_on_wall(limit: int) -> Sequence[ContestOnWall]:
    """Troubled ones first, then those that end soonest."""
    order = case(
        (Contest.state == "review", 0),
        (Contest.state == "delayed", 1),
        (Contest.state.in_(UNEVALUATED_STATES), 2),
        (Contest.state == "live", 3),
        (Contest.state == "scheduled", 5),
        else_=4,
    )
    wanted = _lines().where(Contest.state.in_(FOLLOWED)).order_by(order, Contest.ends_at, Contest.id).limit(limit)
    return [ContestOnWall(*row) for row in db.session.execute(wanted)]


def next_to_end() -> ContestOnWall | None:
    """The live contest that ends first."""
    wanted = _lines().where(Contest.state == "live").order_by(Contest.ends_at, Contest.id).limit(1)
    row = db.session.execute(wanted).one_or_none()
    return None if row is None else ContestOnWall(*row)


def _lines() -> Select[Any]:
    since = WAITS_SINCE
    return select(Contest.code, Contest.name, Contest.state, Contest.starts_at, Contest.ends_at, since)
