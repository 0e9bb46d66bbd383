"""Taking a submission in, and what the submitter adds later."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, text

from app.audit.rules import Actor
from app.audit.service import record
from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.extensions import db
from app.whitelist.models import Submission
from app.whitelist.rules.asked import NewSubmission
from app.whitelist.rules.life import OPEN_STATES
from app.whitelist.rules.names import normal_symbol
from app.whitelist.service.checking import check_address
from app.whitelist.service.locking import SubmissionChanged, hold_submission

AN_HOUR = timedelta(hours=1)
A_SUBMITTER_AN_HOUR = 10
OPEN_AT_ONCE = 50
IN_TURN = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 16))")


@dataclass(frozen=True)
class Received:
    """`is_new` is False when the same submitter had sent the same mint already."""

    id: int
    is_new: bool


class MintUnderReview(Refusal):
    """In which state it is, only its submitter is told."""

    def __init__(self, mint: str) -> None:
        super().__init__(f"Somebody else submitted {mint} already.", "Wait for the answer to that.")


def submit_token(new: NewSubmission, *, client_id: int | None, is_limited: bool = True, by: Actor) -> Received:
    """Takes it in for the worker to check. Sent again by the same submitter it is the same submission."""
    check_address(new.mint)
    for key in (f"submitter {new.submitter}", f"mint {new.mint}"):
        db.session.execute(IN_TURN, {"key": key})
    known = db.session.scalars(
        select(Submission).where(Submission.mint == new.mint, Submission.state.in_(OPEN_STATES))
    ).one_or_none()
    if known is not None:
        if (known.client_id, known.submitter) != (client_id, new.submitter):
            raise MintUnderReview(new.mint)
        db.session.rollback()
        return Received(known.id, is_new=False)
    if is_limited:
        _check_pace(new.submitter, database_now())
    made = Submission(
        **vars(new) | {"symbol": normal_symbol(new.symbol), "links": list(new.links)}, client_id=client_id
    )
    db.session.add(made)
    db.session.flush()
    record(
        "whitelist:submission:receive", object_type="submission", object_id=made.id, by=by,
        after={"mint": new.mint, "symbol": made.symbol, "submitter": new.submitter},
    )  # fmt: skip
    number = made.id
    db.session.commit()
    return Received(number, is_new=True)


def add_information(submission_id: int, *, words: str, client_id: int | None, by: Actor) -> None:
    """The submitter's answer: everything is checked again, and a reviewer looks again."""
    submission = hold_submission(submission_id)
    if submission.client_id != client_id or submission.state != "info_requested":
        raise SubmissionChanged(submission)
    submission.words = f"{submission.words}\n{words}".strip()[-5000:]
    check_anew(submission)
    record("whitelist:submission:answer", object_type="submission", object_id=submission_id, by=by, reason=words[:2000])
    db.session.commit()


def ask_again(submission_id: int, *, version: int, by: Actor) -> None:
    """A reviewer wants the checks made again."""
    submission = hold_submission(submission_id)
    if submission.state != "awaiting_review" or submission.version != version:
        raise SubmissionChanged(submission)
    check_anew(submission)
    record("whitelist:submission:recheck", object_type="submission", object_id=submission_id, by=by)
    db.session.commit()


def check_anew(submission: Submission) -> None:
    submission.state, submission.attempts, submission.next_try_at = "received", 0, database_now()
    submission.version += 1


def _check_pace(submitter: str, now: datetime) -> None:
    mine = Submission.submitter == submitter
    recent = select(func.count(), func.min(Submission.received_at)).where(mine, Submission.received_at > now - AN_HOUR)
    sent, first = db.session.execute(recent).one()
    if sent >= A_SUBMITTER_AN_HOUR:
        wait_s = max(1, math.ceil((first + AN_HOUR - now).total_seconds()))
        raise Refusal(
            f"{submitter} submitted {sent} tokens within an hour; {A_SUBMITTER_AN_HOUR} are allowed.",
            f"Try again in {wait_s} s.", status=429, retry_after=wait_s,
        )  # fmt: skip
    waiting = ("received", "checking", "awaiting_review", "info_requested")
    opened = select(func.count()).where(mine, Submission.state.in_(waiting))
    if db.session.execute(opened).scalar_one() >= OPEN_AT_ONCE:
        raise Refusal(
            f"{OPEN_AT_ONCE} submissions of {submitter} are open.", "Wait until some are decided.", status=429
        )
