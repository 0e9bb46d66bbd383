"""What became of the payouts of referral rewards, for the floor above."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from app.core.extensions import db
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


def reward_payouts(reward_ids: Collection[int]) -> dict[int, RewardPayout]:
    """By reward."""
    columns: tuple[Any, ...] = (
        Payout.id, Payout.reward_id, Payout.state, Payout.batch_id, Payout.wallet, Payout.paid_at, Payout.problem,
    )  # fmt: skip
    entitlements = [f"referral:{one}" for one in reward_ids]
    found = select(*columns).where(Payout.entitlement.in_(entitlements), Payout.state != "cancelled")
    return {row.reward_id: RewardPayout(*row) for row in db.session.execute(found)}
