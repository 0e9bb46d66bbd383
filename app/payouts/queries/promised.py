"""What alerts and health ask of payouts: batches that are stuck, money that waits too long, and the promise to pay."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from app.alerts.rules.found import Found, Measured
from app.core.clock import database_now
from app.core.extensions import db, settings
from app.core.formats import duration
from app.payouts.models import Attempt, Batch, Payout
from app.payouts.queries.waiting import longest_unpaid

STUCK_AFTER, PAGES_AFTER = timedelta(minutes=5), timedelta(minutes=15)
MANY_EXPIRED = 3
SHOWN = 20


def batch_stuck() -> Sequence[Found]:
    """Paying for longer than five minutes, or three attempts that could never land."""
    began, expired = func.min(Attempt.signed_at), func.count().filter(Attempt.state == "expired")
    lasts = func.clock_timestamp() - began
    found = (
        select(Batch.id, lasts, expired).join(Attempt, Attempt.batch_id == Batch.id).where(Batch.state == "paying")
        .group_by(Batch.id).having((lasts > STUCK_AFTER) | (expired >= MANY_EXPIRED)).order_by(Batch.id).limit(SHOWN)
    )  # fmt: skip
    return [
        Found(
            f"payout:{number}", "critical" if lasted > PAGES_AFTER else "warning", f"Batch {number} is stuck",
            f"Batch {number} has been paying for {duration(lasted.total_seconds())}; {gone} of its attempts expired",
            "Look at its attempts and at the wallet", link=f"/payouts/{number}",
        )
        for number, lasted, gone in db.session.execute(found)
    ]  # fmt: skip


def payment_late() -> Sequence[Found]:
    waits, goal_s = longest_unpaid(), settings().payout_goal_s
    waited_s = (database_now() - waits.since).total_seconds() if waits else 0
    if waits is None or waited_s <= goal_s:
        return []
    what = f"{waits.code or 'A reward'} has waited {duration(waited_s)} to be paid, the goal is {duration(goal_s)}"
    return [Found("queue:payouts", "warning", "Payment is late", what, "See what waits", link="/payouts")]


def paid(since: datetime, until: datetime) -> Sequence[Measured]:
    took = func.extract("epoch", Payout.paid_at - Payout.created_at)
    counted = select(func.count().filter(took <= settings().payout_goal_s), func.count(), func.max(took))
    good, total, slowest = db.session.execute(counted.where(Payout.paid_at > since, Payout.paid_at <= until)).one()
    return [Measured("payouts.paid", good, total, int(slowest * 1000) if total else None)]
