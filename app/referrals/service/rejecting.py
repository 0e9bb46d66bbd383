"""A referral that does not count, and with it what it would have earned."""

from datetime import datetime

from sqlalchemy import select

from app.audit.rules import SYSTEM, Actor
from app.core.extensions import db
from app.payouts.service.planning import withdraw_reward
from app.referrals.models import Referral, Reward
from app.referrals.rules.counting import Places
from app.referrals.service.counting import add_to_standings, add_to_tallies

STOPPABLE = ("pending", "held", "approved")
"""What is in a batch leaves with it: two people approved exactly that list."""


def reject(referral: Referral, *, reason: str, now: datetime, by: Actor = SYSTEM) -> None:
    """In the caller's transaction, which recounts the referral afterwards."""
    referral.state, referral.rejected_at, referral.rejected_reason = "rejected", now, reason
    referral.next_look_at = None
    db.session.flush()
    wanted = select(Reward).where(Reward.referral_id == referral.id, Reward.state.in_(STOPPABLE)).order_by(Reward.id)
    for reward in db.session.scalars(wanted.with_for_update().execution_options(populate_existing=True)):
        reject_reward(reward, reason=reason, now=now, by=by)
        _take_back(reward, referral)


def reject_reward(reward: Reward, *, reason: str, now: datetime, by: Actor = SYSTEM) -> None:
    """Its payout, if one was planned, is withdrawn."""
    if reward.state == "approved":
        withdraw_reward(reward.id, reason=reason, by=by)
    reward.state, reward.rejected_at, reward.rejected_reason, reward.next_try_at = "rejected", now, reason, None
    db.session.flush()


def _take_back(reward: Reward, referral: Referral) -> None:
    amount = Places({(reward.period_id or 0, "lamports"): -reward.lamports})
    add_to_tallies(referral.source, referral.campaign, amount)
    if reward.person_id == referral.referrer_id:
        add_to_standings(referral.referrer_id, amount)
