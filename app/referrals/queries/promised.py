"""What health asks of referrals: whether clicks are kept, rewards paid in time, and paid contests followed."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select

from app.alerts.rules.found import Measured
from app.core import traffic
from app.core.extensions import db, settings
from app.payouts.queries.rewards import paid_rewards, payout_state_of
from app.referrals.models import QualifyingContest, Reward
from app.referrals.rules.life import OPEN_REWARDS

CLICKS = ("clicks",)


def tracked(_since: datetime, _until: datetime) -> Sequence[Measured]:
    """Clicks that were answered: each was durable before, also those that count for nobody."""
    good, bad = traffic.taken(CLICKS)
    return [Measured("referrals.tracking", good, good + bad)]


def rewarded(since: datetime, until: datetime) -> Sequence[Measured]:
    """Rewards that were paid in time, against those whose time ran out unpaid; each counts once."""
    goal = timedelta(seconds=settings().referral_reward_goal_s)
    paid = paid_rewards(since, until)
    took = func.extract("epoch", paid.c.paid_at - Reward.held_until)
    in_time = select(func.count(), func.max(took)).join(paid, paid.c.reward_id == Reward.id)
    good, slowest = db.session.execute(in_time.where(took <= goal.total_seconds())).one()
    ran_out = (Reward.held_until > since - goal, Reward.held_until <= until - goal)
    unpaid = func.coalesce(payout_state_of(Reward.id), "planned") != "paid"
    bad = db.session.scalars(select(func.count()).where(*ran_out, _is_owed(until), unpaid)).one()
    return [Measured("referrals.rewards", good, good + bad, int(slowest * 1000) if good else None)]


def _is_owed(now: datetime) -> ColumnElement[bool]:
    """Not rejected, and not kept back for a review or for friends that do not count now."""
    is_on_its_way = Reward.state.in_(("approved", "in_batch"))
    is_tried = and_(Reward.next_try_at.is_not(None), or_(Reward.next_try_at <= now, Reward.attempts > 0))
    was_given_up = Reward.dead_at.is_not(None)
    return or_(is_on_its_way, and_(Reward.state.in_(OPEN_REWARDS), or_(is_tried, was_given_up)))


def followed(since: datetime, until: datetime) -> Sequence[Measured]:
    """Paid contests whose friends were looked at, against those that were given up."""
    done, dead = (
        func.count().filter(column > since, column <= until)
        for column in (QualifyingContest.done_at, QualifyingContest.dead_at)
    )
    good, bad = db.session.execute(select(done, dead)).one()
    return [Measured("referrals.errors", good, good + bad)]
