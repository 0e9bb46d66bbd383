"""A time in which no worker was at work: whoever works again tells of it."""

from sqlalchemy import select

from app.alerts.models import Alert
from app.alerts.service.alerting import note_alert, settle_alert
from app.alerts.service.telling import tell_over
from app.audit.rules import SYSTEM, Actor
from app.core.beats import SILENT_AFTER, beats
from app.core.extensions import db

FINGERPRINT = "workers:silent"


def note_worker_silence(*, by: Actor = SYSTEM) -> bool:
    """Whether there was a silence that nobody has told of yet; its alert is resolved at once, as it is over."""
    seen = beats()
    since = min((beat.started_at for beat in seen if beat.is_beating), default=None)
    before = max((beat.beat_at for beat in seen if since and beat.beat_at < since), default=None)
    if since is None or before is None or since - before <= SILENT_AFTER:
        return False
    told = select(Alert.id).where(Alert.fingerprint == FINGERPRINT, Alert.first_seen_at >= since).limit(1)
    if db.session.execute(told).one_or_none():
        return False
    what = f"No worker was at work from {before:%F %T} to {since:%F %T} UTC: nothing that was due was done"
    raised = note_alert(
        FINGERPRINT, severity="critical", subject="Workers", what=what,
        next_step="See why it ended; run two workers so that one can fall", by=by,
    )  # fmt: skip
    settle_alert(FINGERPRINT, by=by, reason="A worker is at work again")
    tell_over(raised)
    db.session.commit()
    return True
