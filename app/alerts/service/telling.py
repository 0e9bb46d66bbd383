"""News of alerts, for whoever tells other programs and people: written here, taken above."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, insert, or_, select

from app.alerts.models import Alert, AlertNews
from app.alerts.queries.quiet import is_quiet
from app.alerts.service.alerting import Raised
from app.core.clock import database_now
from app.core.extensions import db

AT_ONCE = 100


@dataclass(frozen=True)
class News:
    """`event` is fired or resolved."""

    event: str
    alert_id: int
    fingerprint: str
    severity: str
    service: str
    subject: str
    what: str
    next_step: str
    link: str | None
    first_seen_at: datetime
    count: int


def write_news() -> int:
    """Which alerts began to fire loudly, and which of those told are over; how many. What is quiet is told later."""
    untold = or_(Alert.told_at.is_(None), Alert.told_at < Alert.snoozed_until)
    loud = and_(Alert.resolved_at.is_(None), Alert.state == "firing", untold, ~is_quiet())
    over = and_(Alert.resolved_at.is_not(None), Alert.told_at.is_not(None))
    wanted = select(Alert).where(or_(loud, over)).order_by(Alert.id).limit(AT_ONCE).with_for_update(skip_locked=True)
    alerts = db.session.scalars(wanted.execution_options(populate_existing=True)).all()
    now = database_now()
    for alert in alerts:
        event = "fired" if alert.resolved_at is None else "resolved"
        db.session.execute(insert(AlertNews).values(alert_id=alert.id, event=event, at=now))
        alert.told_at = now if event == "fired" else None
    db.session.commit()
    return len(alerts)


def tell_over(raised: Raised) -> None:
    """News, in the caller's transaction, of an alert that is over by the time anybody can tell of it."""
    db.session.execute(insert(AlertNews).values(alert_id=raised.id, event="fired"))


def taken_news() -> Sequence[News]:
    """Takes what was written, in the caller's transaction: it is gone only if that commits."""
    waiting = select(AlertNews.id).order_by(AlertNews.id).limit(AT_ONCE).with_for_update(skip_locked=True)
    gone = delete(AlertNews).where(AlertNews.id.in_(waiting))
    told = gone.returning(AlertNews.id, AlertNews.event, AlertNews.alert_id)
    rows = sorted((number, event, alert_id) for number, event, alert_id in db.session.execute(told))
    known = select(Alert).where(Alert.id.in_({alert_id for _, _, alert_id in rows}))
    alerts = {alert.id: alert for alert in db.session.scalars(known.execution_options(populate_existing=True))}
    return [
        News(
            event, one.id, one.fingerprint, one.severity, one.service, one.subject, one.what, one.next_step, one.link,
            one.first_seen_at, one.count,
        )
        for _, event, alert_id in rows for one in (alerts[alert_id],)
    ]  # fmt: skip
