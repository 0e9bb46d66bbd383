"""Which step a contest may take next, and the way into a price check from wherever it stands."""

from datetime import datetime

from sqlalchemy import func, select

from app.contests.models import Contest, Entry
from app.contests.service.locking import go
from app.core.errors import Refusal
from app.core.extensions import db
from app.market.queries.halt import Halt, halt
from app.market.rules.feeds import LIVE_FEED

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


class MarketHalted(Refusal):
    def __init__(self, contest: Contest, found: Halt) -> None:
        since = f" since {found.since:%Y-%m-%d %H:%M:%S} UTC" if found.since else ""
        super().__init__(
            f"Contest {contest.code} takes live prices, and nothing is decided on them now: {found.why}{since}.",
            "Look at the market; go on when its breaker is closed.",
        )


def may_evaluate(contest: Contest, now: datetime, *, reason: str | None, dry_run: bool) -> None:
    """A dry run may look at any contest that has ended; a real one only where the life of a contest allows it."""
    if contest.ends_at > now:
        raise ContestStillRunning(contest)
    if dry_run:
        return
    if contest.state not in RUNNING + READY and not (contest.state in ASKED and reason):
        raise AlreadyEvaluated(contest)
    may_use_prices(contest)


def may_use_prices(contest: Contest) -> None:
    """Nothing begins and nothing is evaluated on live prices while they may not be relied on."""
    if contest.feed_id == LIVE_FEED and (found := halt()):
        raise MarketHalted(contest, found)


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


def eligible_entries(contest_id: int) -> int:
    wanted = select(func.count()).where(Entry.contest_id == contest_id, Entry.disqualified.is_(False))
    return db.session.execute(wanted).scalar_one()
