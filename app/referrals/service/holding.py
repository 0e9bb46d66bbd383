"""What was approved and has not left yet goes back on hold when something begins to look wrong."""

from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select

from app.audit.rules import SYSTEM
from app.audit.service import record
from app.core.extensions import db
from app.payouts.queries.rewards import reward_payouts
from app.payouts.service.planning import withdraw_reward
from app.referrals.models import Referral, Reward, RiskSignal
from app.referrals.rules.life import IN_NO_BATCH
from app.referrals.rules.risk import SIGNALS

FEWER_FRIENDS = timedelta(days=1)
"""When a milestone is looked at again of whose friends some do not count now."""


def hold_again(referral: Referral, now: datetime) -> None:
    """Its rewards, and milestones of its referrer, in the caller's transaction, which holds the referral.

    What is in a batch stays there: two people approve exactly that list. It is looked at when it comes back.
    """
    own = and_(Reward.referral_id == referral.id, Reward.cause != "milestone")
    reached = and_(Reward.person_id == referral.referrer_id, Reward.cause == "milestone")
    wanted = select(Reward).where(or_(own, reached), Reward.state == "approved").order_by(Reward.id)
    rewards = db.session.scalars(wanted.with_for_update().execution_options(populate_existing=True)).all()
    payouts = reward_payouts([one.id for one in rewards])
    for one in rewards:
        doubt = doubt_about(one, referral)
        if doubt is not None and payouts[one.id].state in IN_NO_BATCH:
            put_on_hold(one, doubt, now)


def doubt_about(reward: Reward, referral: Referral | None) -> str | None:
    """Why it is not paid yet. A milestone is the sum of many friends, and asks only how many of them count."""
    if reward.milestone is not None:
        count = _friends_that_count(reward.person_id)
        return f"Of {reward.milestone} friends {count} count today." if count < reward.milestone else None
    if referral is None or referral.risk == 0:
        return None
    return f"Somebody has to look at referral {referral.id}: {', '.join(_open_titles(referral.id))}."


def wait(reward: Reward, now: datetime) -> None:
    """A milestone is tried again by and by, all else when its referral is clear."""
    reward.next_try_at = now + FEWER_FRIENDS if reward.milestone is not None else None


def put_on_hold(reward: Reward, doubt: str, now: datetime) -> None:
    """From approved; its payout is withdrawn."""
    withdraw_reward(reward.id, reason=doubt, by=SYSTEM, again=reward.held_again)
    reward.state, reward.payout_id, reward.approved_at = "held", None, None
    reward.held_again += 1
    wait(reward, now)
    db.session.flush()
    record(
        "referrals:reward:hold", object_type="reward", object_id=reward.id, by=SYSTEM, before={"state": "approved"},
        after={"state": "held", "lamports": reward.lamports}, reason=doubt,
    )  # fmt: skip


def _friends_that_count(person_id: int) -> int:
    counting = Referral.state.in_(("qualified", "rewarded")), Referral.risk == 0
    return db.session.scalars(select(func.count()).where(Referral.referrer_id == person_id, *counting)).one()


def _open_titles(referral_id: int) -> list[str]:
    is_open = RiskSignal.referral_id == referral_id, RiskSignal.resolution.is_(None)
    kinds = db.session.scalars(select(RiskSignal.kind).where(*is_open).order_by(RiskSignal.id))
    return [SIGNALS[kind].title.lower() for kind in kinds]
