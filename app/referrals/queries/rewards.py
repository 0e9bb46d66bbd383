"""Rewards with everything that explains them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from app.contests.queries.entitled import code_of
from app.core.extensions import db
from app.core.paging import Page, Place, page
from app.payouts.queries.rewards import RewardPayout, reward_payouts
from app.referrals.models import Period, Person, Referral, Reward, RiskSignal
from app.referrals.rules.explaining import RewardFacts, as_read, explain
from app.referrals.rules.life import OPEN_REWARDS
from app.referrals.rules.risk import SIGNALS

SIZE = 50


@dataclass(frozen=True)
class RewardRow:
    """`sentence` explains it; `risk` is its referral's. `payout` is None until one is planned."""

    id: int
    person_id: int
    wallet: str
    nickname: str
    kind: str
    cause: str
    lamports: int
    state: str
    earned_at: datetime
    held_until: datetime | None
    referral_id: int | None
    period_id: int | None
    programme_id: int
    risk: int
    rejected_reason: str | None
    last_error: str | None
    dead_at: datetime | None
    payout: RewardPayout | None
    sentence: str


def rewards_of(person_id: int, at: Place) -> Page[RewardRow]:
    """What somebody earned, newest first."""
    return _page(_rewards().where(Reward.person_id == person_id), at)


def rewards_in(states: Collection[str], at: Place, size: int = SIZE) -> Page[RewardRow]:
    """Rewards in these states, newest first."""
    return _page(_rewards().where(Reward.state.in_(states)), at, size)


def rewards_count(states: Collection[str], most: int) -> int:
    """Counted no further than one past `most`."""
    some = select(Reward.id).where(Reward.state.in_(states)).limit(most + 1).subquery()
    return db.session.execute(select(func.count(some.c.id))).scalar_one()


def rewards_by_id(reward_ids: Collection[int]) -> dict[int, RewardRow]:
    """A page of rewards whose ids are known."""
    return {row.id: row for row in _rows(_rewards().where(Reward.id.in_(reward_ids)))} if reward_ids else {}


def reward(reward_id: int) -> RewardRow | None:
    found = _rows(_rewards().where(Reward.id == reward_id))
    return found[0] if found else None


def _page(found: Select[Any], at: Place, size: int = SIZE) -> Page[RewardRow]:
    if at.key:
        found = found.where(Reward.id > at.key[0] if at.backwards else Reward.id < at.key[0])
    rows = _rows(found.order_by(Reward.id if at.backwards else Reward.id.desc()).limit(size + 1))
    return page(rows, at, size, lambda row: (row.id,))


def _rewards() -> Select[Any]:
    owner, friend, referrer = aliased(Person), aliased(Person), aliased(Person)
    return (
        select(
            Reward, owner.wallet, owner.nickname, Referral.clicked_at, Referral.signed_up_at, Referral.qualified_at,
            Referral.risk, code_of(Referral.contest_id).label("contest"), friend.nickname.label("friend"),
            friend.wallet.label("friend_wallet"), referrer.nickname.label("referrer"),
            referrer.wallet.label("referrer_wallet"), Period.starts_at,
        )
        .join(owner, owner.id == Reward.person_id)
        .outerjoin(Referral, Referral.id == Reward.referral_id)
        .outerjoin(friend, friend.id == Referral.referred_id)
        .outerjoin(referrer, referrer.id == Referral.referrer_id)
        .outerjoin(Period, Period.id == Reward.period_id)
    )  # fmt: skip


def _rows(found: Select[Any]) -> list[RewardRow]:
    rows = db.session.execute(found.execution_options(populate_existing=True)).all()
    payouts = reward_payouts([row.Reward.id for row in rows if row.Reward.payout_id is not None])
    flagged = _flagged([row.Reward for row in rows if row.risk])
    waiting = _open_signals(flagged.values())
    return [_row(row, payouts.get(row.Reward.id), waiting.get(flagged.get(row.Reward.id), ())) for row in rows]


def _flagged(rewards: Sequence[Reward]) -> dict[int, int | None]:
    """Referral of each reward that waits for its signals; a milestone waits for other friends instead."""
    return {one.id: one.referral_id for one in rewards if one.state in OPEN_REWARDS and one.milestone is None}


def _open_signals(referral_ids: Collection[int | None]) -> dict[int | None, tuple[str, ...]]:
    found: dict[int | None, tuple[str, ...]] = {}
    if referral_ids:
        wanted = select(RiskSignal.referral_id, RiskSignal.kind).where(
            RiskSignal.referral_id.in_(referral_ids), RiskSignal.resolution.is_(None)
        )
        for row in db.session.execute(wanted.order_by(RiskSignal.id)):
            found[row.referral_id] = (*found.get(row.referral_id, ()), SIGNALS[row.kind].title.lower())
    return found


def _row(row: Any, payout: RewardPayout | None, waiting: tuple[str, ...]) -> RewardRow:
    one: Reward = row.Reward
    facts = RewardFacts(
        cause=one.cause, lamports=one.lamports, state=one.state, programme=one.programme_id,
        friend=as_read(row.friend, row.friend_wallet) if row.friend else None,
        referrer=as_read(row.referrer, row.referrer_wallet) if row.referrer else None,
        clicked_at=row.clicked_at, signed_up_at=row.signed_up_at, contest=row.contest, qualified_at=row.qualified_at,
        milestone=one.milestone, period=f"{row.starts_at:%-d %b %Y}" if row.starts_at else None, rank=one.rank,
        held_until=one.held_until, batch_id=payout.batch_id if payout else None, paid_at=one.paid_at,
        rejected_reason=one.rejected_reason, why_waiting=waiting,
    )  # fmt: skip
    return RewardRow(
        one.id, one.person_id, row.wallet, row.nickname, one.kind, one.cause, one.lamports, one.state, one.earned_at,
        one.held_until, one.referral_id, one.period_id, one.programme_id, row.risk or 0, one.rejected_reason,
        one.last_error, one.dead_at, payout, explain(facts),
    )  # fmt: skip
