"""A referral that does not count, and with it what it would have earned."""

from datetime import datetime

from sqlalchemy import ColumnElement, select

from app.audit.rules import SYSTEM, Actor
from app.core.extensions import db
from app.payouts.queries.rewards import reward_payouts
from app.payouts.service.planning import withdraw_reward
from app.referrals.models import Referral, Reward
from app.referrals.rules.counting import Places
from app.referrals.rules.life import IN_NO_BATCH, OPEN_REWARDS
from app.referrals.service.counting import add_to_standings, add_to_tallies

ON_THEIR_WAY = (*OPEN_REWARDS, "approved", "in_batch")


def reject(referral: Referral, *, reason: str, now: datetime, by: Actor = SYSTEM) -> None:
    """In the caller's transaction, which recounts the referral afterwards. Milestones are the sum of many friends."""
    referral.state, referral.rejected_at, referral.rejected_reason = "rejected", now, reason
    referral.next_look_at = None
    db.session.flush()
    stop_rewards(Reward.referral_id == referral.id, Reward.cause != "milestone", reason=reason, now=now, by=by)


def stop_rewards(*which: ColumnElement[bool], reason: str, now: datetime, by: Actor) -> None:
    """What is in a batch leaves with it: two people approved exactly that list.

    Such a reward is held all the same, so that who brings it back from its batch sees that it must stop.
    """
    wanted = select(Reward).where(*which, Reward.state.in_(ON_THEIR_WAY)).order_by(Reward.id)
    rewards = db.session.scalars(wanted.with_for_update().execution_options(populate_existing=True)).all()
    payouts = reward_payouts([one.id for one in rewards])
    for one in rewards:
        if one.state in OPEN_REWARDS or (one.state == "approved" and payouts[one.id].state in IN_NO_BATCH):
            reject_reward(one, reason=reason, now=now, by=by)


def reject_reward(reward: Reward, *, reason: str, now: datetime, by: Actor = SYSTEM) -> None:
    """Its payout, if one was planned, is withdrawn, and nothing counts it any more."""
    if reward.state == "approved":
        withdraw_reward(reward.id, reason=reason, by=by, again=reward.held_again)
    reward.state, reward.rejected_at, reward.rejected_reason, reward.next_try_at = "rejected", now, reason, None
    db.session.flush()
    _take_back(reward)


def _take_back(reward: Reward) -> None:
    amount = Places({(reward.period_id or 0, "lamports"): -reward.lamports})
    referral = db.session.get(Referral, reward.referral_id) if reward.referral_id is not None else None
    if referral is not None:
        add_to_tallies(referral.source, referral.campaign, amount)
    if referral is None or reward.person_id == referral.referrer_id:
        add_to_standings(reward.person_id, amount)
