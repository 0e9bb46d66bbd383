"""Raising and resolving alerts by the program. `note_…` and `settle_…` are parts of larger commands: those commit."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, and_, case, func, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from app.alerts.models import Alert
from app.alerts.rules.kinds import service_of
from app.audit.rules import SYSTEM, Actor
from app.audit.service import record
from app.core.extensions import db

ENDED_BY_WORSE = (
    Alert.acknowledged_by, Alert.acknowledged_at, Alert.acknowledged_until, Alert.snoozed_until, Alert.snoozed_by,
    Alert.told_at,
)  # fmt: skip
"""Who looks after a warning, or put it off, knows nothing of what it became."""


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
    """One that gets worse fires again whoever looks after it or put it off, and is told again."""
    facts = {"severity": severity, "subject": subject, "what": what, "next_step": next_step, "link": link}
    wanted = insert(Alert).values(fingerprint=fingerprint, service=service_of(fingerprint), **facts)
    worse = and_(wanted.excluded.severity == "critical", Alert.severity != "critical")
    over = {column.key: case((worse, None), else_=column) for column in ENDED_BY_WORSE}
    counted = wanted.on_conflict_do_update(
        index_elements=[Alert.fingerprint],
        index_where=Alert.resolved_at.is_(None),
        set_={
            **facts, "count": Alert.count + 1, "last_seen_at": func.clock_timestamp(),
            "state": case((worse, "firing"), else_=Alert.state), **over,
        },
    )  # fmt: skip
    told = counted.returning(Alert.id, Alert.count, literal_column("xmax = 0", Boolean), _severity_before(fingerprint))
    number, count, is_new, was = db.session.execute(told).one()
    if is_new:
        after = {"state": "firing", "severity": severity, "subject": subject}
        record("alerts:alert:raise", object_type="alert", object_id=number, by=by, after=after, reason=what)
    elif severity == "critical" != was:
        after = {"state": "firing", "severity": severity}
        record(
            "alerts:alert:worsen", object_type="alert", object_id=number, by=by, before={"severity": was}, after=after,
            reason=what,
        )  # fmt: skip
    return Raised(number, fingerprint, count, is_new)


def _severity_before(fingerprint: str) -> Any:
    """As the statement found it, which is not what it made of it."""
    before = aliased(Alert)
    found = select(before.severity).where(before.fingerprint == fingerprint, before.resolved_at.is_(None))
    return found.scalar_subquery()


def note_past(
    fingerprint: str, *, subject: str, what: str, next_step: str, since: datetime, reason: str, by: Actor
) -> Raised | None:
    """Tells of what began at `since` and is over; None when somebody has told of it meanwhile. One tells at a time."""
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"past {fingerprint}"))))
    told = select(Alert.id).where(Alert.fingerprint == fingerprint, Alert.last_seen_at >= since).limit(1)
    if db.session.scalars(told).one_or_none() is not None:
        return None
    raised = note_alert(fingerprint, severity="critical", subject=subject, what=what, next_step=next_step, by=by)
    began = func.least(Alert.first_seen_at, since)
    db.session.execute(update(Alert).where(Alert.id == raised.id).values(first_seen_at=began))
    settle_alert(fingerprint, by=by, reason=reason)
    return raised


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
