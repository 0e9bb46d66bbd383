"""What alerts and health ask of the whitelist: who waits too long, and how the promises are kept."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from app.alerts.rules.found import Found, Measured
from app.core import traffic
from app.core.extensions import db, settings
from app.core.formats import duration
from app.whitelist.models import Submission

PARTS = ("whitelist",)
UNCHECKED = ("received", "checking")
OLDEST = timedelta(days=7)
"""What was answered later than that is long an alert, and keeps nobody searching."""


def answer_late() -> Sequence[Found]:
    goal_s = settings().whitelist_answer_goal_s
    return _waiting(UNCHECKED, "queue:whitelist", "warning", "Token checks are late", goal_s)


def review_late() -> Sequence[Found]:
    goal_s = settings().whitelist_review_goal_s
    return _waiting(("awaiting_review",), "queue:whitelist.review", "info", "A token waits for its review", goal_s)


def _waiting(states: Sequence[str], fingerprint: str, severity: str, subject: str, goal_s: int) -> Sequence[Found]:
    """The submission that waits longest in these states, when that is longer than the goal."""
    waits = func.clock_timestamp() - Submission.received_at
    late = select(Submission.id, Submission.symbol, waits).where(
        Submission.state.in_(states), waits > timedelta(seconds=goal_s)
    )
    return [
        Found(
            fingerprint, severity, subject,
            f"{symbol} has waited {duration(waited.total_seconds())}, the goal is {duration(goal_s)}",
            "See what holds it up", link=f"/tokens/review/{number}",
        )
        for number, symbol, waited in db.session.execute(late.order_by(Submission.received_at, Submission.id).limit(1))
    ]  # fmt: skip


def answered(since: datetime, until: datetime) -> Sequence[Measured]:
    """Submissions whose checks were done, by the time they took."""
    took = func.extract("epoch", Submission.answered_at - Submission.received_at)
    counted = select(func.count().filter(took <= settings().whitelist_answer_goal_s), func.count(), func.max(took))
    within = (Submission.answered_at > since, Submission.answered_at <= until, Submission.received_at > since - OLDEST)
    good, total, slowest = db.session.execute(counted.where(*within)).one()
    return [Measured("whitelist.answer", good, total, int(slowest * 1000) if total else None)]


def validated(since: datetime, until: datetime) -> Sequence[Measured]:
    """Of the submissions whose time for an answer ran out meanwhile, those that had one."""
    goal = timedelta(seconds=settings().whitelist_answer_goal_s)
    due = (Submission.received_at > since - goal, Submission.received_at <= until - goal)
    counted = select(func.count().filter(Submission.answered_at.is_not(None)), func.count())
    good, total = db.session.execute(counted.where(*due)).one()
    return [Measured("whitelist.validation", good, total)]


def calls(_since: datetime, _until: datetime) -> Sequence[Measured]:
    good, bad = traffic.taken(PARTS)
    return [Measured("whitelist.errors", good, good + bad)]
