"""Which step a contest may take next, and the way into a price check from wherever it stands."""

from datetime import datetime

from app.contests.models import Contest
from app.contests.service.locking import go
from app.core.errors import Refusal

RUNNING = ("scheduled", "live")
READY = ("ended", "price_check", "delayed")
ASKED = ("proposed", "review")
"""States out of which an evaluation is a second one: somebody has to say why."""


class ContestStillRunning(Refusal):
    def __init__(self, contest: Contest) -> None:
        super().__init__(
            f"Contest {contest.code} still runs: it ends at {contest.ends_at:%Y-%m-%d %H:%M:%S} UTC.",
            "Evaluate it after its end.",
        )


class AlreadyEvaluated(Refusal):
    def __init__(self, contest: Contest) -> None:
        super().__init__(
            f"Contest {contest.code} is already evaluated: it is {contest.state}.",
            "To evaluate it again, give a reason." if contest.state in ASKED else "Nothing can change it any more.",
        )


def may_evaluate(contest: Contest, now: datetime, *, reason: str | None, dry_run: bool) -> None:
    """A dry run may look at any contest that has ended; a real one only where the life of a contest allows it."""
    if contest.ends_at > now:
        raise ContestStillRunning(contest)
    if dry_run or contest.state in RUNNING + READY or (contest.state in ASKED and reason):
        return
    raise AlreadyEvaluated(contest)


def to_price_check(contest: Contest) -> None:
    if contest.state == "scheduled":
        contest.started_at = contest.starts_at
        go(contest, "live")
    if contest.state == "live":
        contest.ended_at = contest.ends_at
        go(contest, "ended")
    if contest.state == "proposed":
        go(contest, "review")
    if contest.state != "price_check":
        go(contest, "price_check")
