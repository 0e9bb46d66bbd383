"""What happens to a contest when its time comes: it starts or is void, it ends, its prices are checked, it is final."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from app.audit.rules import Actor
from app.audit.service import record
from app.contests.models import Contest, Evaluation
from app.contests.queries.blocking import contest_blockers
from app.contests.rules.automatic import why_by_hand
from app.contests.rules.terms import frozen
from app.contests.service.locking import go, hold, same_version
from app.contests.service.publishing import publish
from app.contests.service.steps import ContestStillRunning, eligible_entries, may_use_prices
from app.contests.service.voiding import TOO_FEW, note_void
from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.extensions import db, settings


@dataclass(frozen=True)
class Moved:
    code: str
    state: str


class NotInState(Refusal):
    def __init__(self, contest: Contest, wanted: str) -> None:
        super().__init__(f"Contest {contest.code} is {contest.state.replace('_', ' ')}, not {wanted}.")


class NotYet(Refusal):
    def __init__(self, contest: Contest, at: datetime) -> None:
        super().__init__(f"Contest {contest.code} has time until {at:%Y-%m-%d %H:%M:%S} UTC.", "Wait for it.")


def start(code: str, *, by: Actor, version: int | None = None, reason: str | None = None) -> Moved:
    """To live with its settlement terms frozen; void when too few players came within the grace.

    The worker does it on time. A person gives a reason, and the version that the page showed.
    """
    contest, now = _held(code, "scheduled", version), database_now()
    if contest.starts_at > now:
        raise NotYet(contest, contest.starts_at)
    if eligible_entries(contest.id) < contest.min_participants:
        if now < (last := contest.starts_at + timedelta(seconds=settings().contest_start_grace)):
            raise NotYet(contest, last)
        note_void(contest, TOO_FEW, reason=reason or "Too few participants", by=by)
        return _moved(contest)
    may_use_prices(contest)
    contest.settlement = frozen(contest.settlement, contest.ends_at - contest.starts_at)
    contest.started_at = now
    _step(contest, "live", "start", by, reason, settlement=contest.settlement)
    return _moved(contest)


def end(code: str, *, by: Actor, version: int | None = None, reason: str | None = None) -> Moved:
    """To ended; from then on the worker checks its prices by itself. By a person as `start`."""
    contest, now = _held(code, "live", version), database_now()
    if contest.ends_at > now:
        raise ContestStillRunning(contest)
    contest.ended_at = now
    _step(contest, "ended", "end", by, reason)
    contest.next_try_at = now
    return _moved(contest)


def check_prices(code: str, *, by: Actor) -> Moved:
    contest = _held(code, "ended")
    _step(contest, "price_check", "check_prices", by)
    contest.next_try_at = database_now()
    return _moved(contest)


def finish(code: str, *, by: Actor) -> Moved:
    """To final when nothing keeps it from going by itself; else the draft waits for a person from now on."""
    contest = _held(code, "proposed")
    if contest.next_try_at is None or contest.next_try_at > database_now():
        raise NotYet(contest, contest.next_try_at or contest.ends_at)
    drafts = select(Evaluation).where(Evaluation.contest_id == contest.id, Evaluation.state == "draft")
    draft = db.session.scalars(drafts.with_for_update()).one()
    why = why_by_hand(
        pool_lamports=draft.pool_lamports,
        limit_lamports=settings().auto_final_max_lamports,
        found=contest_blockers(contest.id),
    )
    if not why:
        publish(contest, draft, by=by, reason="Nothing stood in the way")
        return _moved(contest)
    contest.attempts, contest.next_try_at, contest.last_error = 0, None, None
    record("contests:contest:leave_to_person", object_type="contest", object_id=code, by=by, reason=why)
    return _moved(contest)


def _held(code: str, state: str, version: int | None = None) -> Contest:
    contest = hold(code)
    if contest.state != state:
        raise NotInState(contest, state)
    if version is not None:
        same_version(contest, version)
    return contest


def _step(
    contest: Contest, state: str, verb: str, by: Actor, reason: str | None = None, **facts: object
) -> None:
    before = contest.state
    contest.attempts, contest.next_try_at, contest.last_error = 0, None, None
    go(contest, state)
    record(
        f"contests:contest:{verb}", object_type="contest", object_id=contest.code, by=by,
        before={"state": before}, after={"state": state, **facts}, reason=reason,
    )  # fmt: skip


def _moved(contest: Contest) -> Moved:
    moved = Moved(contest.code, contest.state)
    db.session.commit()
    return moved
