"""Stopping every payout at once, and the two people who let them go on."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.alerts.service.alerting import note_alert, settle_alert
from app.audit.rules import Actor
from app.audit.service import record
from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.extensions import db
from app.payouts.models import Freeze
from app.payouts.service.people import person, second_person

ALERT = "payouts:freeze"


def freeze(kind: str, about: str, reason: str, *, by: Actor) -> None:
    """Nothing is signed or sent any more; what was sent is followed to its end."""
    note_freeze(kind, about, reason, by=by)
    db.session.commit()


def note_freeze(kind: str, about: str, reason: str, *, by: Actor) -> bool:
    """In the caller's transaction; whether it is news. One difference freezes once."""
    row = {"kind": kind, "about": about, "reason": reason, "frozen_by": by.name, "frozen_at": database_now()}
    made = insert(Freeze).values(row).on_conflict_do_nothing().returning(Freeze.id)
    freeze_id = db.session.execute(made).scalar()
    if freeze_id is None:
        return False
    note_alert(
        ALERT, severity="critical", subject="Payouts are frozen", what=reason,
        next_step="Explain the difference; then two people unfreeze payouts.", by=by,
    )  # fmt: skip
    record("payouts:freeze:begin", object_type="payout_freeze", object_id=freeze_id, by=by, reason=reason)
    return True


def ask_to_unfreeze(freeze_id: int, *, reason: str, by: Actor) -> None:
    """The first person says what explains the difference."""
    account_id, found = person(by), _open(freeze_id)
    if len(reason) < 20:
        raise Refusal("Unfreezing needs a reason.", "Explain the difference in 20 characters or more.", status=422)
    found.lift_asked_by, found.lift_asked_at, found.lift_reason = account_id, database_now(), reason
    record("payouts:freeze:ask_to_end", object_type="payout_freeze", object_id=freeze_id, by=by, reason=reason)
    db.session.commit()


def unfreeze(freeze_id: int, *, by: Actor) -> None:
    """The second person agrees. Payouts go on when no other freeze is open."""
    account_id, found = second_person(by), _open(freeze_id)
    if found.lift_asked_by is None:
        raise Refusal("Nobody has explained this freeze yet.", "First one person gives the reason.")
    if found.lift_asked_by == account_id:
        raise Refusal("You asked for this yourself.", "Another admin has to agree.", status=403)
    found.lifted_by, found.lifted_at = account_id, database_now()
    db.session.flush()
    if db.session.scalars(select(Freeze.id).where(Freeze.lifted_at.is_(None)).limit(1)).first() is None:
        settle_alert(ALERT, by=by, reason=found.lift_reason)
    record(
        "payouts:freeze:end", object_type="payout_freeze", object_id=freeze_id, by=by, reason=found.lift_reason
    )  # fmt: skip
    db.session.commit()


def _open(freeze_id: int) -> Freeze:
    wanted = select(Freeze).where(Freeze.id == freeze_id).with_for_update()
    found = db.session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise Refusal(f"There is no freeze {freeze_id}.", "Look at what is frozen now.", status=404)
    if found.lifted_at is not None:
        raise Refusal(f"Freeze {freeze_id} is over already.", "Look at what is frozen now.")
    return found
