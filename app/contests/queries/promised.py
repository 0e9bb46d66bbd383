"""What alerts and health ask of contests: who waits too long for a draft, and how the promises are kept."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from app.alerts.rules.found import Found, Measured
from app.contests.models import Contest, Evaluation, Transition
from app.contests.queries.waiting import WAITS_SINCE
from app.core.extensions import db, settings
from app.core.formats import duration

WORKED_ON = ("ended", "price_check", "evaluating")


def evaluation_late() -> Sequence[Found]:
    """The one that waits longest of those that nobody has to ask for."""
    waits = func.clock_timestamp() - WAITS_SINCE
    late = (Contest.state.in_(WORKED_ON), Contest.next_try_at.is_not(None), Contest.dead_at.is_(None))
    goal = timedelta(seconds=settings().evaluation_goal_s)
    found = select(Contest.code, waits).where(*late, waits > goal).order_by(waits.desc(), Contest.id).limit(1)
    return [
        Found(
            "queue:contests", "critical", "Evaluation is late",
            f"{code} has waited {duration(waited.total_seconds())} for its draft, "
            f"the target is {duration(goal.total_seconds())}",
            "See what holds it up", link=f"/contests/{code}",
        )
        for code, waited in db.session.execute(found)
    ]  # fmt: skip


def done(since: datetime, until: datetime) -> Sequence[Measured]:
    """Contests that got their first draft, by the time from their end to it."""
    earlier = aliased(Transition)
    before = select(earlier.id).where(
        earlier.contest_id == Transition.contest_id, earlier.id < Transition.id, earlier.to_state == "proposed"
    )
    took = func.extract("epoch", Transition.at - WAITS_SINCE)
    counted = select(func.count().filter(took <= settings().evaluation_goal_s), func.count(), func.max(took))
    first = counted.select_from(Transition).join(Contest, Contest.id == Transition.contest_id).where(
        Transition.to_state == "proposed", Transition.at > since, Transition.at <= until, ~before.exists()
    )  # fmt: skip
    good, total, slowest = db.session.execute(first).one()
    return [Measured("contests.done", good, total, int(slowest * 1000) if total else None)]


def accuracy(since: datetime, until: datetime) -> Sequence[Measured]:
    """Of the results that were computed twice, those that came out alike."""
    same, different = (func.count().filter(Evaluation.verified == word) for word in ("same", "different"))
    made = (Evaluation.evaluated_at > since, Evaluation.evaluated_at <= until)
    good, bad = db.session.execute(select(same, different).where(*made)).one()
    return [Measured("contests.accuracy", good, good + bad)]


def errors(since: datetime, until: datetime) -> Sequence[Measured]:
    """Evaluations that were made, against those that ended in review."""
    made, broke = (
        func.count().filter(Transition.from_state == "evaluating", Transition.to_state == word)
        for word in ("proposed", "review")
    )
    within = (Transition.at > since, Transition.at <= until)
    good, bad = db.session.execute(select(made, broke).where(*within)).one()
    return [Measured("contests.errors", good, good + bad)]
