"""Payouts of referral rewards: those that wait to be proposed, and what became of them, for the floor above."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from app.core.extensions import db
from app.core.paging import Page, Place, page
from app.payouts.models import Payout


@dataclass(frozen=True)
class RewardPayout:
    """The payout that counts for a reward: no cancelled one does."""

    id: int
    reward_id: int
    state: str
    batch_id: int | None
    wallet: str
    paid_at: datetime | None
    problem: str | None


def payout_state_of(reward_id: Any) -> Any:
    """For statements of the floor above: the state of the payout for the reward that a column of theirs names."""
    entitled = Payout.entitlement == func.concat("referral:", reward_id)
    found = select(Payout.state).where(entitled, Payout.state != "cancelled")
    return found.correlate_except(Payout).scalar_subquery()


def paid_rewards(since: datetime, until: datetime) -> Any:
    """For statements of the floor above: which rewards were paid meanwhile (`reward_id`) and when (`paid_at`)."""
    meanwhile = (Payout.kind == "referral", Payout.paid_at > since, Payout.paid_at <= until)
    return select(Payout.reward_id, Payout.paid_at).where(*meanwhile).subquery("paid_rewards")


def reward_payouts(reward_ids: Collection[int]) -> dict[int, RewardPayout]:
    """By reward."""
    columns: tuple[Any, ...] = (
        Payout.id, Payout.reward_id, Payout.state, Payout.batch_id, Payout.wallet, Payout.paid_at, Payout.problem,
    )  # fmt: skip
    entitlements = [f"referral:{one}" for one in reward_ids]
    found = select(*columns).where(Payout.entitlement.in_(entitlements), Payout.state != "cancelled")
    return {row.reward_id: RewardPayout(*row) for row in db.session.execute(found)}


@dataclass(frozen=True)
class WaitingReward:
    """`shares`: how many other rewards that wait go to the same wallet."""

    id: int
    reward_id: int
    nickname: str
    wallet: str
    lamports: int
    state: str
    problem: str | None
    whose_fault: str | None
    next_step: str | None
    held_reason: str | None
    since: datetime
    shares: int


@dataclass(frozen=True)
class WaitingSums:
    planned: int
    planned_lamports: int
    held: int


WAITS = Payout.kind == "referral", Payout.state.in_(("planned", "held"))
SIZE = 25


def waiting_rewards(at: Place, size: int = SIZE) -> Page[WaitingReward]:
    """Payouts of rewards that are in no batch, those that wait longest first."""
    other = Payout.__table__.alias("other")
    same = other.c.wallet == Payout.wallet, other.c.kind == "referral", other.c.id != Payout.id
    shares = select(func.count()).select_from(other).where(*same, other.c.state.in_(("planned", "held")))
    columns: tuple[Any, ...] = (
        Payout.id, Payout.reward_id, Payout.nickname, Payout.wallet, Payout.lamports, Payout.state, Payout.problem,
        Payout.whose_fault, Payout.next_step, Payout.held_reason, Payout.created_at,
        shares.correlate(Payout).scalar_subquery(),
    )  # fmt: skip
    found = select(*columns).where(*WAITS).order_by(Payout.id.desc() if at.backwards else Payout.id).limit(size + 1)
    if at.key:
        found = found.where(Payout.id < at.key[0] if at.backwards else Payout.id > at.key[0])
    return page([WaitingReward(*row) for row in db.session.execute(found)], at, size, lambda row: (row.id,))


def waiting_sums() -> WaitingSums:
    is_planned = Payout.state == "planned"
    lamports = func.coalesce(func.sum(Payout.lamports).filter(is_planned), 0)
    counts = func.count().filter(is_planned), lamports, func.count().filter(Payout.state == "held")
    return WaitingSums(*(int(value) for value in db.session.execute(select(*counts).where(*WAITS)).one()))
