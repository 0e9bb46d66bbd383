"""What somebody outside says happened. It is never believed: it only makes us ask sooner."""

from sqlalchemy import select

from app.core.clock import database_now
from app.core.extensions import db
from app.payouts.models import Attempt, Batch
from app.payouts.rules.life import UNDECIDED


def ask_about(reference: str) -> int | None:
    """Makes the batch of that attempt due at once, and names it; None when no attempt of that name is open."""
    found = (
        select(Batch)
        .join(Attempt, Attempt.batch_id == Batch.id)
        .where(Attempt.reference == reference, Attempt.state.in_(UNDECIDED))
    )
    batch = db.session.scalars(found.with_for_update(of=Batch)).one_or_none()
    if batch is None:
        return None
    batch.next_try_at = database_now()
    db.session.commit()
    return batch.id
