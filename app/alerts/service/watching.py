"""One round of the watch: what was found wrong ripens into alerts, and what is right again ends them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from app.alerts.models import Alert, AlertCondition, AlertWatch
from app.alerts.rules.found import Found
from app.alerts.service.alerting import note_alert, note_past, settle_alert
from app.alerts.service.telling import tell_over
from app.audit.rules import SYSTEM, Actor
from app.core.clock import database_now
from app.core.extensions import db

ONE_AT_A_TIME = text("SELECT pg_try_advisory_xact_lock(hashtext('alert watch'))")
RIGHT_AGAIN = "What it looked at is right again"


def take_round(
    found: Mapping[str, Sequence[Found]], *, rules: int, problem: str | None = None, by: Actor = SYSTEM
) -> bool:
    """`found` by rule, of all rules that could be looked at. Whether an alert began or ended."""
    if not db.session.execute(ONE_AT_A_TIME).scalar_one():
        return False
    now = database_now()
    conditions = {row.fingerprint: row for row in db.session.scalars(select(AlertCondition).with_for_update())}
    news = [_wrong(conditions, rule, one, now, by) for rule, several in found.items() for one in several]
    wrong = {one.fingerprint for several in found.values() for one in several}
    news += [
        _right(row, now, by) for row in conditions.values() if row.rule in found and row.fingerprint not in wrong
    ]  # fmt: skip
    _beat(now, rules, problem)
    db.session.commit()
    return any(news)


def _wrong(conditions: Mapping[str, AlertCondition], rule: str, found: Found, now: datetime, by: Actor) -> bool:
    row = conditions.get(found.fingerprint)
    if row is None:
        row = AlertCondition(fingerprint=found.fingerprint, rule=rule, wrong_at=now, recovery_s=found.recovery_s)
        db.session.add(row)
    row.right_at, row.recovery_s = None, found.recovery_s
    if now - row.wrong_at < timedelta(seconds=found.pending_s):
        return False
    raised = note_alert(
        found.fingerprint, severity=found.severity, subject=found.subject, what=found.what,
        next_step=found.next_step, link=found.link, by=by,
    )  # fmt: skip
    return raised.is_new


def _right(row: AlertCondition, now: datetime, by: Actor) -> bool:
    is_open = db.session.scalars(
        select(Alert.id).where(Alert.fingerprint == row.fingerprint, Alert.resolved_at.is_(None))
    ).one_or_none()
    row.right_at = row.right_at or now
    if is_open is not None and now - row.right_at < timedelta(seconds=row.recovery_s):
        return False
    db.session.delete(row)
    return settle_alert(row.fingerprint, by=by, reason=RIGHT_AGAIN) is not None


def _beat(now: datetime, rules: int, problem: str | None) -> None:
    facts = {"beat_at": now, "rules": rules, "problem": problem}
    beat = insert(AlertWatch).values(id=1, **facts)
    db.session.execute(beat.on_conflict_do_update(index_elements=[AlertWatch.id], set_=facts))


def note_outage(service: str, since: datetime, until: datetime, *, by: Actor = SYSTEM) -> bool:
    """Tells afterwards, once, that a service was away that has to be there for anything to be told; whether it did."""
    label, seconds = service.capitalize(), int((until - since).total_seconds())
    raised = note_past(
        f"service:{service}", subject=f"{label} was away",
        what=f"{label} did not answer from {since:%F %T} to {until:%F %T} UTC, {seconds} s",
        next_step="See why it ended, in its log and on its machine", since=since, reason=f"{label} answers again",
        by=by,
    )  # fmt: skip
    if raised is not None:
        tell_over(raised)
    db.session.commit()
    return raised is not None
