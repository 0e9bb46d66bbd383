"""Lists that leave the desk as files: who took which is kept."""

from app.audit.rules import Actor
from app.audit.service import record
from app.core.extensions import db


def note_export(batch_id: int, *, lines: int, by: Actor) -> None:
    record("payouts:batch:export", object_type="payout_batch", object_id=batch_id, by=by, after={"lines": lines})
    db.session.commit()
