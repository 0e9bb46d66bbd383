"""Putting a submission off until a time; the worker wakes it."""

from datetime import timedelta

from sqlalchemy import select

from app.audit.rules import SYSTEM, Actor
from app.audit.service import record
from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.extensions import db
from app.whitelist.models import Submission
from app.whitelist.rules.life import SNOOZES
from app.whitelist.service.locking import SubmissionChanged, hold_submission


def snooze(submission_id: int, *, version: int, hours: int, words: str, by: Actor) -> str:
    """Nobody outside hears of it: for them it waits for its review. Its symbol."""
    submission = hold_submission(submission_id)
    if submission.state != "awaiting_review" or submission.version != version:
        raise SubmissionChanged(submission)
    if hours not in SNOOZES:
        raise Refusal("A submission is put off for an hour, 4 hours, a day or a week.", "Choose one.", status=422)
    until = database_now() + timedelta(hours=hours)
    submission.state, submission.next_try_at = "snoozed", until
    submission.version += 1
    symbol = submission.symbol
    record(
        "whitelist:submission:snooze", object_type="submission", object_id=submission_id, by=by,
        before={"state": "awaiting_review"}, after={"state": "snoozed", "until": until.isoformat()},
        reason=words or None,
    )  # fmt: skip
    db.session.commit()
    return symbol


def wake(submission_id: int, *, version: int, by: Actor) -> None:
    """Before its time, because somebody wants to decide now."""
    submission = hold_submission(submission_id)
    if submission.state != "snoozed" or submission.version != version:
        raise SubmissionChanged(submission)
    _wake(submission, by)
    db.session.commit()


def wake_due() -> int | None:
    """Wakes the submission whose time came first, if there is one; its number."""
    due = (
        select(Submission)
        .where(Submission.next_try_at <= database_now(), Submission.state == "snoozed")
        .order_by(Submission.next_try_at)
        .limit(1)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    submission = db.session.scalars(due).one_or_none()
    if submission is None:
        return None
    number = submission.id
    _wake(submission, SYSTEM)
    db.session.commit()
    return number


def _wake(submission: Submission, by: Actor) -> None:
    submission.state, submission.next_try_at = "awaiting_review", None
    submission.version += 1
    record("whitelist:submission:wake", object_type="submission", object_id=submission.id, by=by,
           before={"state": "snoozed"}, after={"state": "awaiting_review"})  # fmt: skip
