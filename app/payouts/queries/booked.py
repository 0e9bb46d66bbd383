"""Payments as the ledger has them: for the book wallet, whose only memory it is."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from app.core.extensions import db
from app.payouts.models import Attempt, Journal, LedgerLine

AT_ONCE = 10_000


@dataclass(frozen=True)
class Payment:
    """Lamports that left the hot wallet in all, the network's fee among them."""

    reference: str
    lamports: int
    fee_lamports: int
    memo: str
    at: datetime


def booked_payments(since: str | None) -> list[Payment]:
    """In the order they were booked, those after the one with that reference."""
    left, fee = aliased(LedgerLine), aliased(LedgerLine)
    memo = func.concat(Attempt.batch_id, ":", Attempt.number)
    found = (
        select(Journal.reference, -left.lamports, func.coalesce(fee.lamports, 0), memo, Journal.at)
        .join(left, (left.journal_id == Journal.id) & (left.account == "hot_wallet"))
        .join(fee, (fee.journal_id == Journal.id) & (fee.account == "network_fee"), isouter=True)
        .join(Attempt, Attempt.reference == Journal.reference)
        .where(Journal.kind == "payment")
        .order_by(Journal.id)
        .limit(AT_ONCE)
    )
    if since is not None:
        last = select(Journal.id).where(Journal.kind == "payment", Journal.reference == since).scalar_subquery()
        found = found.where(Journal.id > func.coalesce(last, 0))
    return [Payment(*row) for row in db.session.execute(found)]
