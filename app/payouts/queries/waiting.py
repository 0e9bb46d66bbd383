"""What money waits for a person: lists to approve or to retry, payouts to propose, freezes to explain."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Select, String, and_, case, func, literal, null, or_, select, union_all

from app.contests.queries.entitled import code_of
from app.core.extensions import db
from app.payouts.models import Batch, Freeze, Payout, PayoutLine
from app.staff.queries import name_of

SHOWN = 25


@dataclass(frozen=True)
class Task:
    """`kind` is frozen, failed, approve or propose; `id` that of the freeze or batch. `by` is who began it."""

    kind: str
    id: int | None
    code: str | None
    by_id: int | None
    by: str | None
    since: datetime
    payouts: int
    lamports: int
    why: str | None


@dataclass(frozen=True)
class Waiting:
    """What one contest, or no contest at all, still has outside of batches."""

    contest_id: int | None
    code: str | None
    planned: int
    planned_lamports: int
    held: int
    held_lamports: int
    since: datetime


@dataclass(frozen=True)
class Unpaid:
    """Since when something is owed, and for which contest, if for one."""

    code: str | None
    since: datetime


def money_waiting() -> list[Task]:
    """Worst first, of each kind the one that waits longest."""
    whole = union_all(*_tasks()).subquery()
    worst = case((whole.c.kind == "frozen", 0), (whole.c.kind == "failed", 1), (whole.c.kind == "approve", 2), else_=3)
    found = select(whole).order_by(worst, whole.c.since, whole.c.id).limit(SHOWN)
    return [Task(*row) for row in db.session.execute(found)]


def longest_unpaid() -> Unpaid | None:
    """What is owed longest; None when everything is paid. Ids grow with time, and indices lead to the least of them."""
    outside = select(func.min(Payout.id)).where(Payout.state.in_(("planned", "held"))).scalar_subquery()
    open_batches = select(Batch.id).where(Batch.state.in_(("planned", "approved", "paying")))
    listed = select(func.min(Payout.id)).where(Payout.batch_id.in_(open_batches)).scalar_subquery()
    found = select(code_of(Payout.contest_id), Payout.created_at).where(Payout.id == func.least(outside, listed))
    row = db.session.execute(found).one_or_none()
    return None if row is None else Unpaid(*row)


def tasks_count() -> Any:
    """How many such things there are, as a value for the statement that counts everything."""
    return select(func.count()).select_from(union_all(*_tasks()).subquery()).scalar_subquery()


def payouts_outside() -> list[Waiting]:
    """By contest, what waits longest first."""
    is_planned, is_held = Payout.state == "planned", Payout.state == "held"
    lamports = func.coalesce(func.sum(Payout.lamports).filter(is_planned), 0)
    held = func.coalesce(func.sum(Payout.lamports).filter(is_held), 0)
    since = func.min(Payout.created_at)
    found = (
        select(
            Payout.contest_id, code_of(Payout.contest_id), func.count().filter(is_planned), lamports,
            func.count().filter(is_held), held, since,
        )
        .where(or_(is_planned, is_held))
        .group_by(Payout.contest_id)
        .order_by(since)
        .limit(SHOWN)
    )  # fmt: skip
    rows = db.session.execute(found)
    return [Waiting(one[0], one[1], one[2], int(one[3]), one[4], int(one[5]), one[6]) for one in rows]


def _tasks() -> list[Select[Any]]:
    freezes = select(
        literal("frozen").label("kind"), Freeze.id.label("id"), null().cast(String).label("code"),
        Freeze.lift_asked_by.label("by_id"), name_of(Freeze.lift_asked_by).label("by"),
        Freeze.frozen_at.label("since"), literal(0).label("payouts"), literal(0).label("lamports"),
        Freeze.reason.label("why"),
    ).where(Freeze.lifted_at.is_(None))  # fmt: skip
    line = select(PayoutLine.payout_id).join(Payout, Payout.id == PayoutLine.payout_id)
    to_retry = line.where(PayoutLine.batch_id == Batch.id, Payout.state == "planned").exists()
    failed = and_(Batch.state == "failed", Batch.retried_by_id.is_(None), to_retry)
    batches = select(
        case((Batch.state == "failed", "failed"), else_="approve"), Batch.id, null().cast(String),
        Batch.proposed_by, name_of(Batch.proposed_by), func.coalesce(Batch.closed_at, Batch.proposed_at),
        Batch.payouts, Batch.lamports, Batch.last_problem,
    ).where(or_(Batch.state == "planned", failed))  # fmt: skip
    on_failed = (
        select(PayoutLine.payout_id)
        .join(Batch, Batch.id == PayoutLine.batch_id)
        .where(PayoutLine.payout_id == Payout.id, Batch.state == "failed", Batch.retried_by_id.is_(None))
    )
    planned = (
        select(
            literal("propose"), null().cast(Integer), func.min(code_of(Payout.contest_id)), null().cast(Integer),
            null().cast(String), func.min(Payout.created_at), func.count(), func.sum(Payout.lamports),
            null().cast(String),
        )
        .where(Payout.state == "planned", ~on_failed.exists())
        .group_by(Payout.contest_id)
    )  # fmt: skip
    return [freezes, batches, planned]
