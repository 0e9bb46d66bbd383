"""Market data that is not valid: the contest waits for late data of the same window, and after a while for people."""

import random
from collections.abc import Sequence
from datetime import datetime

from app.audit.rules import Actor
from app.audit.service import record
from app.contests.models import Contest
from app.contests.rules.delays import GIVE_UP_AFTER, next_wait
from app.contests.service.locking import go
from app.contests.service.settling import Problem
from app.contests.service.steps import to_price_check
from app.contests.service.warning import warn

GAVE_UP = "The market data stayed invalid for 15 minutes"
NOT_EVEN_SO = "The market data is not valid in the way that was ruled either"


def note_delay(
    contest: Contest, problems: Sequence[Problem], now: datetime, *, by: Actor, is_last: bool = False
) -> None:
    """Part of an evaluation, which commits. The wait counts from the first look that found the data invalid.

    The last look is the one that two people ruled about: nobody waits after it.
    """
    earlier = contest.last_check if contest.state == "delayed" and contest.last_check else {}
    since = earlier.get("since", now.isoformat())
    to_price_check(contest)
    go(contest, "delayed", is_told=not earlier)
    contest.attempts += 1
    contest.asked_by = None
    contest.last_check = {
        "at": now.isoformat(), "since": since, "problems": [problem.as_document() for problem in problems],
    }  # fmt: skip
    contest.next_try_at = now + next_wait(contest.attempts, random.random())  # noqa: S311 (spreads retries)
    if is_last or now - datetime.fromisoformat(since) >= GIVE_UP_AFTER:
        contest.next_try_at, contest.review_reason = None, NOT_EVEN_SO if is_last else GAVE_UP
        go(contest, "review")
        what = f"The prices at the end of contest {contest.code} are not valid: {contest.review_reason}"
        warn(contest, what, "Two people choose on its page", by=by)
    found = {"state": contest.state, "problems": [f"{p.symbol}: {', '.join(p.reasons)}" for p in problems]}
    record("contests:contest:delay", object_type="contest", object_id=contest.code, by=by, after=found)
