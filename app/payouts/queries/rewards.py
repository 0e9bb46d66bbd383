"""What became of the payouts of referral rewards, for the floor above."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

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


def reward_payouts(reward_ids: Collection[int]) -> dict[int, RewardPayout]:
    """By reward."""
    columns: tuple[Any, ...] = (
        Payout.id, Payout.reward_id, Payout.state, Payout.batch_id, Payout.wallet, Payout.paid_at, Payout.problem,
    )  # fmt: skip
    entitlements = [f"referral:{one}" for one in reward_ids]
    found = select(*columns).where(Payout.entitlement.in_(entitlements), Payout.state != "cancelled")
    return {row.reward_id: RewardPayout(*row) for row in db.session.execute(found)}
