"""Rewards as they are earned, in the transaction of what earns them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from app.core.extensions import db
from app.referrals.models import Referral, Reward, Standing
from app.referrals.rules.counting import Places
from app.referrals.rules.life import KIND_OF
from app.referrals.rules.periods import Prize
from app.referrals.rules.programmes import Earned, Terms, earned, is_over_cap
from app.referrals.service.counting import add_to_standings, add_to_tallies

CAPPED = "The referrer had earned the most that one period pays."


def earn(referral: Referral, terms: Terms, now: datetime) -> None:
    """What a referral earns that has just qualified: held from now on, or rejected where the cap is reached."""
    for one in earned(terms, _friends(referral)):
        person_id = referral.referrer_id if one.to_referrer else referral.referred_id
        reward = Reward(
            person_id=person_id, kind=KIND_OF[one.cause], cause=one.cause, referral_id=referral.id,
            milestone=one.milestone, period_id=referral.period_id, programme_id=terms.version, lamports=one.lamports,
        )  # fmt: skip
        if _is_new(reward):
            _begin(reward, referral, one, terms, now)


def earn_place(prize: Prize, period_id: int, terms: Terms, now: datetime) -> None:
    reward = Reward(
        person_id=prize.person_id, kind=KIND_OF["place"], cause="place", period_id=period_id, rank=prize.rank,
        programme_id=terms.version, lamports=prize.lamports,
    )  # fmt: skip
    if _is_new(reward):
        db.session.add(reward)
        db.session.flush()
        _hold(reward, terms, now)


def wake_rewards(referral_ids: Sequence[int]) -> None:
    """Nothing is open against their referrals any more: what waited for that is due when its time is over."""
    waiting = Reward.referral_id.in_(referral_ids), Reward.state == "held", Reward.next_try_at.is_(None)
    db.session.execute(update(Reward).where(*waiting, Reward.dead_at.is_(None)).values(next_try_at=Reward.held_until))


def _begin(reward: Reward, referral: Referral, one: Earned, terms: Terms, now: datetime) -> None:
    before = _earned(referral) if one.to_referrer else 0
    db.session.add(reward)
    if one.to_referrer and is_over_cap(terms, before, one.lamports):
        reward.state, reward.rejected_at, reward.rejected_reason, reward.next_try_at = "rejected", now, CAPPED, None
        db.session.flush()
        return
    db.session.flush()
    _hold(reward, terms, now)
    amount = Places({(referral.period_id or 0, "lamports"): one.lamports})
    add_to_tallies(referral.source, referral.campaign, amount)
    if one.to_referrer:
        add_to_standings(referral.referrer_id, amount)


def _hold(reward: Reward, terms: Terms, now: datetime) -> None:
    reward.state, reward.held_until = "held", now + timedelta(days=terms.hold_days)
    reward.next_try_at = reward.held_until
    db.session.flush()


def _is_new(reward: Reward) -> bool:
    """Whether nobody earned this before: a milestone is reached once."""
    wanted = select(Reward.id).where(Reward.cause == reward.cause, Reward.person_id == reward.person_id)
    for name in ("referral_id", "period_id") if reward.cause != "milestone" else ():
        wanted = wanted.where(getattr(Reward, name) == getattr(reward, name))
    return db.session.scalars(wanted.where(Reward.milestone.is_not_distinct_from(reward.milestone))).first() is None


def _friends(referral: Referral) -> int:
    """How many of the referrer's friends have qualified, this one too."""
    db.session.flush()
    wanted = Referral.referrer_id == referral.referrer_id, Referral.state.in_(("qualified", "rewarded"))
    return db.session.scalars(select(func.count()).where(*wanted)).one()


def _earned(referral: Referral) -> int:
    place = Standing.period_id == referral.period_id, Standing.person_id == referral.referrer_id
    return db.session.scalars(select(Standing.lamports).where(*place)).one_or_none() or 0
