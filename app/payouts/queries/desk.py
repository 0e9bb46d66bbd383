"""Batches as the desk shows them: with names, contests, and how far their payouts are."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, distinct, func, literal, select, union

from app.contests.queries.entitled import code_of, contest_codes
from app.core.extensions import db
from app.core.paging import Page, Place, page
from app.payouts.models import Attempt, Batch, Payout, PayoutLine
from app.payouts.rules.life import BATCH_STATES
from app.staff.queries import name_of

SIZE = 25


@dataclass(frozen=True)
class BatchFacts:
    """`code` is one contest's, of `contests` that have a payout among the `listed`. `now` is the reading's time."""

    id: int
    state: str
    version: int
    payouts: int
    lamports: int
    list_hash: str
    proposed_by: int
    proposer: str
    proposed_at: datetime
    approver: str | None
    approved_at: datetime | None
    closed_at: datetime | None
    closed_by: str | None
    next_try_at: datetime | None
    last_problem: str | None
    whose_fault: str | None
    next_step: str | None
    retried_by_id: int | None
    kinds: list[str]
    contests: int
    code: str | None
    to_retry: int
    held: int
    listed: int
    now: datetime


@dataclass(frozen=True)
class ListedPayout:
    """A line of a batch, as its payout is now. `reference` is that of the attempt that paid it."""

    id: int
    kind: str
    code: str | None
    nickname: str
    wallet: str
    lamports: int
    state: str
    batch_id: int | None
    reference: str | None
    paid_at: datetime | None
    held_by: str | None
    held_reason: str | None
    problem: str | None
    whose_fault: str | None
    next_step: str | None


def batches_page(state: str | None, at: Place, size: int = SIZE) -> Page[BatchFacts]:
    """The newest first."""
    found = _batches().order_by(Batch.id.asc() if at.backwards else Batch.id.desc()).limit(size + 1)
    if state in BATCH_STATES:
        found = found.where(Batch.state == state)
    if at.key:
        found = found.where(Batch.id > at.key[0] if at.backwards else Batch.id < at.key[0])
    rows = [BatchFacts(*row) for row in db.session.execute(found)]
    return page(rows, at, size, lambda row: (row.id,))


def batch_facts(batch_id: int) -> BatchFacts | None:
    row = db.session.execute(_batches().where(Batch.id == batch_id)).one_or_none()
    return None if row is None else BatchFacts(*row)


def batches_of_contest(contest_id: int) -> list[BatchFacts]:
    """Those that have or had one of its payouts on their list, newest first."""
    lines = select(PayoutLine.batch_id).join(Payout, Payout.id == PayoutLine.payout_id)
    ids: Any = union(
        select(Payout.batch_id).where(Payout.contest_id == contest_id, Payout.batch_id.is_not(None)),
        lines.where(Payout.contest_id == contest_id),
    )
    found = _batches().where(Batch.id.in_(ids)).order_by(Batch.id.desc()).limit(SIZE)
    return [BatchFacts(*row) for row in db.session.execute(found)]


def lines_page(batch_id: int, at: Place, size: int = SIZE) -> Page[ListedPayout]:
    """In the order of the list; once approved, of the list that was."""
    found = (
        select(
            Payout.id, Payout.kind, code_of(Payout.contest_id), Payout.nickname, Payout.wallet, Payout.lamports,
            Payout.state, Payout.batch_id, Attempt.reference, Payout.paid_at, Payout.held_by, Payout.held_reason,
            Payout.problem, Payout.whose_fault, Payout.next_step,
        )
        .join(Attempt, Attempt.id == Payout.paid_attempt_id, isouter=True)
        .where(Payout.id.in_(_listed(literal(batch_id))))
        .order_by(Payout.id.desc() if at.backwards else Payout.id)
        .limit(size + 1)
    )  # fmt: skip
    if at.key:
        found = found.where(Payout.id < at.key[0] if at.backwards else Payout.id > at.key[0])
    rows = [ListedPayout(*row) for row in db.session.execute(found)]
    return page(rows, at, size, lambda row: (row.id,))


def _batches() -> Select[Any]:
    listed = (
        select(
            func.array_agg(distinct(Payout.kind)).label("kinds"),
            func.count(distinct(Payout.contest_id)).label("contests"),
            func.min(Payout.contest_id).label("contest_id"),
            func.count().filter(Payout.state == "planned").label("planned"),
            func.count().filter(Payout.state == "held").label("held"),
            func.count().label("listed"),
        )
        .where(Payout.id.in_(_listed(Batch.id)))
        .lateral("listed")
    )
    return select(
        Batch.id, Batch.state, Batch.version, Batch.payouts, Batch.lamports, Batch.list_hash, Batch.proposed_by,
        name_of(Batch.proposed_by), Batch.proposed_at, name_of(Batch.approved_by), Batch.approved_at, Batch.closed_at,
        Batch.closed_by, Batch.next_try_at, Batch.last_problem, Batch.whose_fault, Batch.next_step,
        Batch.retried_by_id, func.coalesce(listed.c.kinds, []), listed.c.contests, code_of(listed.c.contest_id),
        listed.c.planned, listed.c.held, listed.c.listed, func.clock_timestamp(),
    ).join(listed, literal(True))  # fmt: skip


def _listed(batch_id: Any) -> Any:
    """Ids of what is on the list of a batch, and of what was on the one that was approved."""
    return union(
        select(Payout.id).where(Payout.batch_id == batch_id).correlate(Batch),
        select(PayoutLine.payout_id).where(PayoutLine.batch_id == batch_id).correlate(Batch),
    )


def contest_code(contest_id: int | None) -> str | None:
    return None if contest_id is None else contest_codes([contest_id]).get(contest_id)
