"""Batches and their lines, as the pages and the command line show them."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from app.core.extensions import db
from app.payouts.models import Attempt, Batch, Payout, PayoutLine

SHOWN = 100


@dataclass(frozen=True)
class BatchLine:
    id: int
    state: str
    version: int
    payouts: int
    lamports: int
    list_hash: str
    proposed_by: int
    proposed_at: datetime
    approved_by: int | None
    approved_at: datetime | None
    last_problem: str | None
    whose_fault: str | None
    next_step: str | None
    retried_by_id: int | None


@dataclass(frozen=True)
class PayoutRow:
    id: int
    kind: str
    contest_id: int | None
    nickname: str
    wallet: str
    lamports: int
    state: str
    version: int
    batch_id: int | None
    reference: str | None
    paid_at: datetime | None
    held_reason: str | None
    problem: str | None
    whose_fault: str | None
    next_step: str | None


@dataclass(frozen=True)
class AttemptLine:
    number: int
    state: str
    reference: str
    signed_at: datetime
    sent_at: datetime | None
    sends: int
    landed_at: datetime | None
    fee_lamports: int | None
    problem: str | None
    expiry_proof: dict[str, Any] | None


def _columns(shape: Any, model: Any) -> list[Any]:
    return [getattr(model, field.name) for field in fields(shape)]


def batches(state: str | None = None, before_id: int | None = None) -> list[BatchLine]:
    """The newest first, at most a page of them."""
    found = select(*_columns(BatchLine, Batch)).order_by(Batch.id.desc()).limit(SHOWN)
    if state is not None:
        found = found.where(Batch.state == state)
    if before_id is not None:
        found = found.where(Batch.id < before_id)
    return [BatchLine(*row) for row in db.session.execute(found)]


def batch_by_id(batch_id: int) -> BatchLine | None:
    row = db.session.execute(select(*_columns(BatchLine, Batch)).where(Batch.id == batch_id)).one_or_none()
    return None if row is None else BatchLine(*row)


def lines_of_batch(batch_id: int) -> list[PayoutRow]:
    """The list as it is; once approved, the list that was, wherever its payouts are now."""
    approved = select(PayoutLine.payout_id).where(PayoutLine.batch_id == batch_id)
    found = _rows().where((Payout.batch_id == batch_id) | Payout.id.in_(approved))
    return _listed(found.order_by(Payout.id))


def payout_by_id(payout_id: int) -> PayoutRow | None:
    return next(iter(_listed(_rows().where(Payout.id == payout_id))), None)


def payouts_waiting(after_id: int = 0) -> list[PayoutRow]:
    """Planned and held, oldest first."""
    found = _rows().where(Payout.state.in_(("planned", "held")), Payout.id > after_id)
    return _listed(found.order_by(Payout.id).limit(SHOWN))


def attempts_of(batch_id: int) -> list[AttemptLine]:
    found = select(*_columns(AttemptLine, Attempt)).where(Attempt.batch_id == batch_id).order_by(Attempt.number)
    return [AttemptLine(*row) for row in db.session.execute(found)]


def _rows() -> Select[Any]:
    by = aliased(Attempt)
    named = [field.name for field in fields(PayoutRow)]
    names = [by.reference if name == "reference" else getattr(Payout, name) for name in named]
    return select(*names).join(by, by.id == Payout.paid_attempt_id, isouter=True)


def _listed(found: Select[Any]) -> list[PayoutRow]:
    return [PayoutRow(*row) for row in db.session.execute(found)]
