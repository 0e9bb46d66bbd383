"""A step of the worker that failed on one contest: when it is tried again, when it is given up, and the way back."""

import random

from app.audit.rules import SYSTEM, Actor
from app.audit.service import record
from app.contests.models import Contest
from app.contests.rules.delays import spread
from app.contests.rules.trying import wait_after_s
from app.contests.service.locking import ContestChanged, hold
from app.contests.service.warning import calm, warn
from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.extensions import db

LONGEST = 500


class NothingToRetry(Refusal):
    def __init__(self, contest: Contest) -> None:
        super().__init__(
            f"Nothing of contest {contest.code} waits to be tried again: it is {contest.state.replace('_', ' ')}.",
            "Look at it as it is now.",
        )


def note_failure(code: str, error: Exception, *, by: Actor = SYSTEM) -> None:
    """After an exception: the contest rests for a while, the longer the more often; at last a person has to look."""
    db.session.rollback()
    contest, now = hold(code), database_now()
    contest.attempts += 1
    contest.last_error = f"{type(error).__name__}: {error}"[:LONGEST]
    wait = wait_after_s(contest.attempts)
    contest.next_try_at = now + spread(wait, random.random()) if wait else None  # noqa: S311 (spreads retries)
    if wait is None:
        contest.dead_at = now
        warn(contest, f"Contest {code} is stuck: {contest.last_error}", "Look into it, then retry on its page", by=by)
    record(
        "contests:contest:stumble", object_type="contest", object_id=code, by=by,
        after={"state": contest.state, "attempts": contest.attempts, "given_up": wait is None},
        reason=contest.last_error,
    )  # fmt: skip
    db.session.commit()


def retry(code: str, *, version: int, by: Actor) -> None:
    """Lets the worker try again at once what failed."""
    contest = hold(code)
    if contest.version != version:
        raise ContestChanged(contest)
    if not contest.last_error or (contest.dead_at is None and contest.next_try_at is None):
        raise NothingToRetry(contest)
    before = {"attempts": contest.attempts, "given_up": contest.dead_at is not None}
    contest.attempts, contest.next_try_at, contest.dead_at = 0, database_now(), None
    calm(contest, by=by)
    record("contests:contest:retry", object_type="contest", object_id=code, by=by, before=before,
           after={"attempts": 0, "given_up": False})  # fmt: skip
    db.session.commit()
