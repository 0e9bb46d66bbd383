"""The alert that a person has to look at a contest. Both are parts of larger commands, which commit."""

from app.alerts.service.alerting import note_alert, settle_alert
from app.audit.rules import SYSTEM, Actor
from app.contests.models import Contest


def warn(contest: Contest, what: str, next_step: str, *, by: Actor) -> None:
    subject = f"Contest {contest.code}"
    note_alert(_fingerprint(contest), severity="critical", subject=subject, what=what, next_step=next_step, by=by)


def calm(contest: Contest, *, by: Actor = SYSTEM) -> None:
    settle_alert(_fingerprint(contest), by=by, reason=f"Contest {contest.code} went on")


def _fingerprint(contest: Contest) -> str:
    return f"contest:{contest.id}"
