"""A time in which no worker was at work: whoever works again tells of it."""

from app.alerts.service.alerting import note_past
from app.alerts.service.telling import tell_over
from app.audit.rules import SYSTEM, Actor
from app.core.beats import SILENT_AFTER, beats
from app.core.extensions import db

FINGERPRINT = "worker:none at work"


def note_worker_silence(*, by: Actor = SYSTEM) -> bool:
    """Whether there was a silence that nobody has told of yet; its alert is resolved at once, as it is over."""
    seen = beats()
    since = min((beat.started_at for beat in seen if beat.is_beating), default=None)
    before = max((beat.beat_at for beat in seen if since and beat.beat_at < since), default=None)
    if since is None or before is None or since - before <= SILENT_AFTER:
        return False
    raised = note_past(
        FINGERPRINT, subject="Workers",
        what=f"No worker was at work from {before:%F %T} to {since:%F %T} UTC: nothing that was due was done",
        next_step="See why it ended; run two workers so that one can fall", since=before,
        reason="A worker is at work again", by=by,
    )  # fmt: skip
    if raised is not None:
        tell_over(raised)
    db.session.commit()
    return raised is not None
