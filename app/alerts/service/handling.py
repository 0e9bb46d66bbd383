"""What people do about an open alert: look after it, give it to somebody, put it off, end it, note what they saw."""

from datetime import timedelta

from sqlalchemy import select

from app.alerts.models import Alert
from app.alerts.rules.alerts import LONGEST_MINUTES
from app.audit.rules import SYSTEM, Actor
from app.audit.service import record
from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.extensions import db


class NoSuchAlert(Refusal):
    def __init__(self, alert_id: int) -> None:
        super().__init__(f"Alert {alert_id} is not open.", "Look at the alerts as they are now.")


def acknowledge_alert(alert_id: int, *, note: str = "", minutes: int = 30, by: Actor) -> None:
    """Says that somebody looks after it; after so many minutes it fires again unless what is wrong has ended."""
    alert, before = _held(alert_id, minutes)
    if alert.state == "acknowledged" and alert.acknowledged_by != by.name:
        raise Refusal(f"{alert.acknowledged_by} looks after “{alert.subject}” already.", "Talk to them.")
    now = database_now()
    alert.state, alert.acknowledged_by, alert.acknowledged_at = "acknowledged", by.name, now
    alert.acknowledged_until = now + timedelta(minutes=minutes)
    _settled(alert, "acknowledge", before, by=by, reason=note)


def hand_back(alert_id: int, *, by: Actor) -> None:
    """Nobody looks after it any more: it fires again."""
    alert, before = _held(alert_id)
    if alert.state != "acknowledged":
        raise Refusal(f"Nobody looks after “{alert.subject}”.", "There is nothing to hand back.")
    _fire(alert)
    _settled(alert, "hand_back", before, by=by, reason="")


def assign_alert(alert_id: int, *, to: str, by: Actor) -> None:
    """Says whose it is; whether they look after it yet is another question."""
    alert, before = _held(alert_id)
    if alert.assigned_to == to:
        raise Refusal(f"“{alert.subject}” is {to}'s already.", "Choose somebody else.")
    alert.assigned_to = to
    _settled(alert, "assign", before, by=by, reason="")


def snooze_alert(alert_id: int, *, reason: str, minutes: int, by: Actor) -> None:
    """Keeps it quiet for so many minutes; it goes on counting."""
    alert, before = _held(alert_id, minutes)
    alert.snoozed_until, alert.snoozed_by = database_now() + timedelta(minutes=minutes), by.name
    _settled(alert, "snooze", before, by=by, reason=reason)


def wake_alert(alert_id: int, *, by: Actor) -> None:
    alert, before = _held(alert_id)
    if alert.snoozed_until is None or alert.snoozed_until <= database_now():
        raise Refusal(f"“{alert.subject}” is not snoozed.", "Look at it as it is now.")
    alert.snoozed_until = alert.snoozed_by = alert.told_at = None
    _settled(alert, "wake", before, by=by, reason="")


def close_alert(alert_id: int, *, reason: str, by: Actor) -> None:
    """Ends it by hand. What is still wrong opens a new one the next time it is told."""
    alert, before = _held(alert_id)
    alert.state, alert.resolved_at, alert.resolved_by = "resolved", database_now(), by.name
    _settled(alert, "resolve", before, by=by, reason=reason)


def note_incident(alert_id: int, *, words: str, by: Actor) -> None:
    """Stays in the audit chain, as the alert's whole timeline does; also after the alert is over."""
    if db.session.get(Alert, alert_id) is None:
        raise NoSuchAlert(alert_id)
    record("alerts:note:add", object_type="alert", object_id=alert_id, by=by, reason=words)
    db.session.commit()


def refire_expired(*, by: Actor = SYSTEM) -> int | None:
    """Lets one alert fire again whose acknowledgement is over; its id, None when there is none."""
    over = (Alert.state == "acknowledged", Alert.acknowledged_until <= database_now())
    wanted = select(Alert).where(*over).order_by(Alert.id).limit(1).with_for_update(skip_locked=True)
    alert = db.session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if alert is None:
        return None
    before = _facts(alert)
    _fire(alert)
    _settled(alert, "refire", before, by=by, reason=f"{before['by']} looked after it for as long as they said")
    return alert.id


def _held(alert_id: int, minutes: int = 1) -> tuple[Alert, dict[str, str | None]]:
    if not 1 <= minutes <= LONGEST_MINUTES:
        raise Refusal(f"That takes 1 to {LONGEST_MINUTES} minutes.", "Choose a shorter time.", status=422)
    wanted = select(Alert).where(Alert.id == alert_id, Alert.resolved_at.is_(None)).with_for_update()
    alert = db.session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if alert is None:
        raise NoSuchAlert(alert_id)
    return alert, _facts(alert)


def _fire(alert: Alert) -> None:
    alert.state = "firing"
    alert.acknowledged_by = alert.acknowledged_at = alert.acknowledged_until = alert.told_at = None


def _settled(alert: Alert, verb: str, before: dict[str, str | None], *, by: Actor, reason: str) -> None:
    record(
        f"alerts:alert:{verb}", object_type="alert", object_id=alert.id, by=by,
        before=before, after=_facts(alert), reason=reason,
    )  # fmt: skip
    db.session.commit()


def _facts(alert: Alert) -> dict[str, str | None]:
    until, snoozed = alert.acknowledged_until, alert.snoozed_until
    facts = {
        "state": alert.state, "by": alert.acknowledged_by, "until": until.isoformat() if until else None,
        "assigned_to": alert.assigned_to, "snoozed_until": snoozed.isoformat() if snoozed else None,
    }  # fmt: skip
    return {name: value for name, value in facts.items() if value is not None} | {"by": alert.acknowledged_by}
