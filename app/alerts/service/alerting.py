"""Raising, acknowledging and resolving alerts. `note_…` and `settle_…` are parts of larger commands: those commit."""

from dataclasses import dataclass

from sqlalchemy import Boolean, func, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert

from app.alerts.models import Alert
from app.audit.rules import SYSTEM, Actor
from app.audit.service import record
from app.core.errors import Refusal
from app.core.extensions import db


@dataclass(frozen=True)
class Raised:
    """`is_new` is False when the same thing was wrong already: then it counts once more."""

    id: int
    fingerprint: str
    count: int
    is_new: bool


class NoSuchAlert(Refusal):
    def __init__(self, alert_id: int) -> None:
        super().__init__(f"Alert {alert_id} is not open.", "Look at the alerts as they are now.")


def raise_alert(
    fingerprint: str, *, severity: str, subject: str, what: str, next_step: str, by: Actor = SYSTEM
) -> Raised:
    """Opens an alert, or counts the open one with this fingerprint once more."""
    raised = note_alert(fingerprint, severity=severity, subject=subject, what=what, next_step=next_step, by=by)
    db.session.commit()
    return raised


def resolve_alert(fingerprint: str, *, by: Actor = SYSTEM, reason: str | None = None) -> bool:
    """Whether one was open."""
    found = settle_alert(fingerprint, by=by, reason=reason)
    db.session.commit()
    return found is not None


def acknowledge_alert(alert_id: int, *, by: Actor) -> None:
    """Says that somebody looks after it; it stays open until what is wrong ends."""
    wanted = select(Alert).where(Alert.id == alert_id, Alert.resolved_at.is_(None)).with_for_update()
    alert = db.session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if alert is None:
        raise NoSuchAlert(alert_id)
    if alert.state == "acknowledged":
        raise Refusal(f"{alert.acknowledged_by} looks after “{alert.subject}” already.", "Talk to them.")
    alert.state, alert.acknowledged_by, alert.acknowledged_at = "acknowledged", by.name, func.clock_timestamp()
    record(
        "alerts:alert:acknowledge", object_type="alert", object_id=alert_id, by=by,
        before={"state": "firing"}, after={"state": "acknowledged"},
    )  # fmt: skip
    db.session.commit()


def note_alert(
    fingerprint: str, *, severity: str, subject: str, what: str, next_step: str, by: Actor = SYSTEM
) -> Raised:
    facts = {"severity": severity, "subject": subject, "what": what, "next_step": next_step}
    wanted = insert(Alert).values(fingerprint=fingerprint, **facts)
    counted = wanted.on_conflict_do_update(
        index_elements=[Alert.fingerprint],
        index_where=Alert.resolved_at.is_(None),
        set_={**facts, "count": Alert.count + 1, "last_seen_at": func.clock_timestamp()},
    )
    told = counted.returning(Alert.id, Alert.count, literal_column("xmax = 0", Boolean))
    number, count, is_new = db.session.execute(told).one()
    if is_new:
        after = {"state": "firing", "severity": severity, "subject": subject}
        record("alerts:alert:raise", object_type="alert", object_id=number, by=by, after=after, reason=what)
    return Raised(number, fingerprint, count, is_new)


def settle_alert(fingerprint: str, *, by: Actor = SYSTEM, reason: str | None = None) -> int | None:
    """Resolves the open alert with this fingerprint; its id, None when there is none."""
    found = db.session.execute(
        update(Alert)
        .where(Alert.fingerprint == fingerprint, Alert.resolved_at.is_(None))
        .values(state="resolved", resolved_at=func.clock_timestamp(), resolved_by=by.name)
        .returning(Alert.id)
    ).scalar_one_or_none()
    if found is not None:
        record(
            "alerts:alert:resolve", object_type="alert", object_id=found, by=by, after={"state": "resolved"},
            reason=reason,
        )  # fmt: skip
    return found
