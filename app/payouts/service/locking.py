"""Taking hold of a payout or a batch: the locks that every command decides under."""

from typing import TypeVar

from sqlalchemy import Select, select
from sqlalchemy.exc import OperationalError

from app.core.database import Base
from app.core.errors import Refusal
from app.core.extensions import db
from app.payouts.models import Batch, Payout

LOCK_NOT_AVAILABLE = "55P03"
Row = TypeVar("Row", bound=Base)


class Changed(Refusal):
    def __init__(self, what: str, state: str) -> None:
        super().__init__(
            f"{what} changed while you looked: it is {state.replace('_', ' ')} now.",
            "Look at it as it is now, then decide again.",
        )


def hold_batch(batch_id: int, *, version: int | None = None) -> Batch:
    """The batch, locked until the end of the transaction."""
    batch = _locked(select(Batch).where(Batch.id == batch_id), f"batch {batch_id}")
    if version is not None and batch.version != version:
        raise Changed(f"Batch {batch_id}", batch.state)
    return batch


def hold_payout(payout_id: int, *, version: int) -> Payout:
    """The payout, locked after the batch it is in: every command takes them in this order."""
    batch_id = db.session.scalars(select(Payout.batch_id).where(Payout.id == payout_id)).one_or_none()
    if batch_id is not None:
        hold_batch(batch_id)
    payout = _locked(select(Payout).where(Payout.id == payout_id), f"payout {payout_id}")
    if payout.version != version or payout.batch_id != batch_id:
        raise Changed(f"Payout {payout_id}", payout.state)
    return payout


def payouts_of(batch: Batch) -> list[Payout]:
    """Locked, in the order of the list."""
    wanted = select(Payout).where(Payout.batch_id == batch.id).order_by(Payout.id).with_for_update()
    return list(db.session.scalars(wanted.execution_options(populate_existing=True)))


def _locked(wanted: Select[Row], what: str) -> Row:
    try:
        row = db.session.scalars(wanted.with_for_update().execution_options(populate_existing=True)).one_or_none()
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) != LOCK_NOT_AVAILABLE:
            raise
        db.session.rollback()
        raise Refusal(f"Somebody else is changing {what} this moment.", "Wait a moment, then look again.") from error
    if row is None:
        raise Refusal(f"There is no {what}.", "Look at the list of payouts.", status=404)
    return row
