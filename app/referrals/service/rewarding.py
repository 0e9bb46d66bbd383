"""Rewards whose hold is over become payouts, and follow them."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import and_, or_, select

from app.audit.rules import SYSTEM
from app.audit.service import record
from app.core.clock import database_now
from app.core.extensions import db
from app.payouts.queries.rewards import RewardPayout, payout_state_of, reward_payouts
from app.payouts.service.planning import entitle_reward
from app.referrals.models import Person, Referral, Reward
from app.referrals.service.counting import recount, weighed
from app.referrals.service.holding import doubt_about, put_on_hold, wait
from app.referrals.service.rejecting import reject_reward

MOVED_AT_ONCE = 200
BANNED = "Whoever earned it was banned."


def due_reward(now: datetime) -> Reward | None:
    """The next reward whose hold is over, after its referral, both held until the commit; no other worker has them."""
    is_due = Reward.next_try_at <= now, Reward.dead_at.is_(None)
    due = select(Reward.id, Reward.referral_id).where(*is_due).order_by(Reward.next_try_at).limit(1)
    found = db.session.execute(due).one_or_none()
    if found is None:
        return None
    _hold_referrals([found.referral_id])
    held = select(Reward).where(Reward.id == found.id, *is_due).with_for_update(skip_locked=True)
    return db.session.scalars(held.execution_options(populate_existing=True)).one_or_none()


def approve(reward: Reward) -> str:
    """What became of it, in a word: approved, rejected, or waits. Commits."""
    now = database_now()
    person = db.session.get_one(Person, reward.person_id, populate_existing=True)
    done = _decide(reward, person, now)
    reward.attempts, reward.last_error = 0, None
    if done != "waits":
        record(
            f"referrals:reward:{'approve' if done == 'approved' else 'reject'}", object_type="reward",
            object_id=reward.id, by=SYSTEM, after={"state": done, "lamports": reward.lamports, "wallet": person.wallet},
        )  # fmt: skip
    db.session.commit()
    return done


def _decide(reward: Reward, person: Person, now: datetime) -> str:
    referral = _referral(reward)
    why_not = _why_not(reward, referral)
    if why_not is not None:
        reject_reward(reward, reason=why_not, now=now)
        return "rejected"
    if doubt_about(reward, referral) is not None:
        wait(reward, now)
        return "waits"
    reward.payout_id = entitle_reward(
        reward.id, wallet=person.wallet, nickname=person.nickname, lamports=reward.lamports, by=SYSTEM,
        again=reward.held_again,
    )  # fmt: skip
    reward.state, reward.approved_at, reward.next_try_at = "approved", now, None
    db.session.flush()
    return "approved"


def _why_not(reward: Reward, referral: Referral | None) -> str | None:
    """Why it must not be paid; None when it may. A milestone is the sum of many friends, and outlives one of them."""
    people = [reward.person_id] if referral is None else [reward.person_id, referral.referrer_id]
    banned = select(Person.id).where(Person.id.in_(people), Person.banned_at.is_not(None)).limit(1)
    if db.session.scalars(banned).one_or_none() is not None:
        return BANNED
    return referral.rejected_reason if referral is not None and reward.milestone is None else None


def follow_payouts() -> list[int]:
    """Rewards whose payouts moved, moved too; their ids. A paid bonus makes its referral rewarded.

    What comes back from its batch and must not be paid any more is rejected, or held while it is in doubt.
    """
    now_at = payout_state_of(Reward.id)
    moved = or_(
        and_(Reward.state == "approved", now_at.in_(("in_batch", "paid"))),
        and_(Reward.state == "in_batch", now_at.in_(("planned", "held", "paid"))),
    )
    wanted = Reward.state.in_(("approved", "in_batch")), moved
    some = select(Reward.id, Reward.referral_id).where(*wanted).order_by(Reward.id).limit(MOVED_AT_ONCE)
    found = db.session.execute(some).all()
    _hold_referrals([row.referral_id for row in found])
    held = select(Reward).where(Reward.id.in_([row.id for row in found]), *wanted).order_by(Reward.id)
    held = held.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    rewards = db.session.scalars(held).all()
    payouts = reward_payouts([one.id for one in rewards])
    for one in rewards:
        _follow(one, payouts[one.id])
    db.session.commit()
    return [one.id for one in rewards]


def _follow(reward: Reward, payout: RewardPayout) -> None:
    before = reward.state
    reward.state = payout.state if payout.state in {"in_batch", "paid"} else "approved"
    reward.payout_id, reward.paid_at = payout.id, payout.paid_at
    db.session.flush()
    why_not = _stop(reward, database_now()) if reward.state == "approved" else None
    if reward.state == "paid":
        _reward_referral(reward)
    record(
        "referrals:reward:move", object_type="reward", object_id=reward.id, by=SYSTEM, before={"state": before},
        after={"state": reward.state, "batch": payout.batch_id}, reason=why_not,
    )  # fmt: skip


def _stop(reward: Reward, now: datetime) -> str | None:
    """Why it leaves its way to be paid; None when it goes on."""
    referral = _referral(reward)
    why_not = _why_not(reward, referral)
    doubt = doubt_about(reward, referral) if why_not is None else None
    if why_not is not None:
        reject_reward(reward, reason=why_not, now=now)
    elif doubt is not None:
        put_on_hold(reward, doubt, now)
    return why_not or doubt


def _reward_referral(reward: Reward) -> None:
    referral = _referral(reward) if reward.cause == "contest" else None
    if referral is not None and referral.state == "qualified":
        before = weighed(referral)
        referral.state, referral.rewarded_at, referral.next_look_at = "rewarded", reward.paid_at, None
        recount(referral, before)


def _hold_referrals(ids: Iterable[int | None]) -> None:
    """Before their rewards: who rejects a referral locks in the same order."""
    wanted = select(Referral.id).where(Referral.id.in_({one for one in ids if one is not None}))
    db.session.scalars(wanted.order_by(Referral.id).with_for_update()).all()


def _referral(reward: Reward) -> Referral | None:
    if reward.referral_id is None:
        return None
    wanted = select(Referral).where(Referral.id == reward.referral_id).execution_options(populate_existing=True)
    return db.session.scalars(wanted).one()
