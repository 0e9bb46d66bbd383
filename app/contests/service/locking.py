"""Taking hold of one contest: the lock that every command decides under, and what a stale page is told."""

from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from app.contests.models import Contest
from app.contests.service.warning import calm
from app.core.errors import Refusal
from app.core.extensions import db
from app.webhooks.service import announce

LOCK_NOT_AVAILABLE = "55P03"
EVENTS = {
    "live": "contest.started",
    "ended": "contest.ended",
    "delayed": "contest.delayed",
    "proposed": "contest.proposed",
    "final": "contest.final",
    "void": "contest.voided",
    "paid": "contest.paid",
}
"""What other programs hear of."""


class NoSuchContest(Refusal):
    def __init__(self, code: str) -> None:
        super().__init__(f"There is no contest {code}.", "Check the code, or search the list of contests.", status=404)


class ContestChanged(Refusal):
    def __init__(self, contest: Contest) -> None:
        super().__init__(
            f"Contest {contest.code} changed while you looked: it is {contest.state.replace('_', ' ')} now.",
            "Look at it as it is now, then decide again.",
        )


class ContestBusy(Refusal):
    def __init__(self, code: str) -> None:
        super().__init__(
            f"Somebody else is changing contest {code} this moment, or it is being evaluated.",
            "Wait until that is done, then look again.",
        )


def hold(code: str) -> Contest:
    """The contest, locked until the end of the transaction."""
    wanted = select(Contest).where(Contest.code == code).with_for_update().execution_options(populate_existing=True)
    try:
        contest = db.session.scalars(wanted).one_or_none()
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) != LOCK_NOT_AVAILABLE:
            raise
        db.session.rollback()
        raise ContestBusy(code) from error
    if contest is None:
        raise NoSuchContest(code)
    return contest


def same_version(contest: Contest, version: int) -> None:
    """Refuses what was decided about an earlier version."""
    if contest.version != version:
        raise ContestChanged(contest)


def go(contest: Contest, *states: str, is_told: bool = True) -> None:
    """Takes the contest through these states, each a row of its life, and tells others of those that concern them."""
    for state in states:
        if contest.state == "review":
            calm(contest)
        contest.state = state
        db.session.flush()
        db.session.refresh(contest, ["version"])
        if is_told and state in EVENTS:
            tell(EVENTS[state], contest)


def tell(event: str, contest: Contest) -> None:
    """Announces it in this transaction. The version grows with each of its events, and so gives their order."""
    facts = {
        "code": contest.code,
        "name": contest.name,
        "state": contest.state,
        "version": contest.version,
        "starts_at": contest.starts_at.isoformat(),
        "ends_at": contest.ends_at.isoformat(),
    }
    announce(event, subject=contest.code, facts=facts)
