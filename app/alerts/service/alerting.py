"""Raising and resolving alerts by the program. `note_…` and `settle_…` are parts of larger commands: those commit."""

from dataclasses import dataclass

from sqlalchemy import Boolean, and_, case, func, literal_column, update
from sqlalchemy.dialects.postgresql import insert

from app.alerts.models import Alert
from app.alerts.rules.kinds import service_of
from app.audit.rules import SYSTEM, Actor
from app.audit.service import record
from app.core.extensions import db


@dataclass(frozen=True)
class Raised:
    """`is_new` is False when the same thing was wrong already: then it counts once more."""

    id: int
    fingerprint: str
    count: int
    is_new: bool


def raise_alert(
    fingerprint: str, *, severity: str, subject: str, what: str, next_step: str, link: str | None = None,
    by: Actor = SYSTEM,
) -> Raised:  # fmt: skip
    """Opens an alert, or counts the open one with this fingerprint once more."""
    raised = note_alert(
        fingerprint, severity=severity, subject=subject, what=what, next_step=next_step, link=link, by=by
    )
    db.session.commit()
    return raised


def resolve_alert(fingerprint: str, *, by: Actor = SYSTEM, reason: str | None = None) -> bool:
    """Whether one was open."""
    found = settle_alert(fingerprint, by=by, reason=reason)
    db.session.commit()
    return found is not None


def note_alert(
    fingerprint: str, *, severity: str, subject: str, what: str, next_step: str, link: str | None = None,
    by: Actor = SYSTEM,
) -> Raised:  # fmt: skip
    """One that gets worse while somebody looks after it fires again, and is told again."""
    facts = {"severity": severity, "subject": subject, "what": what, "next_step": next_step, "link": link}
    wanted = insert(Alert).values(fingerprint=fingerprint, service=service_of(fingerprint), **facts)
    worse = and_(wanted.excluded.severity == "critical", Alert.severity != "critical")
    counted = wanted.on_conflict_do_update(
        index_elements=[Alert.fingerprint],
        index_where=Alert.resolved_at.is_(None),
        set_={
            **facts, "count": Alert.count + 1, "last_seen_at": func.clock_timestamp(),
            "state": case((worse, "firing"), else_=Alert.state), "told_at": case((worse, None), else_=Alert.told_at),
        },
    )  # fmt: skip
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
