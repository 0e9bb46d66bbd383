"""What payouts tell of one wallet: every one, and what was paid and waits in all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from app.contests.queries.entitled import code_of
from app.core.extensions import db
from app.core.moments import Told, told
from app.payouts.models import Payout


@dataclass(frozen=True)
class Sum:
    payouts: int
    lamports: int


NOTHING = Sum(0, 0)
WAITING = ("planned", "held", "in_batch")


@dataclass(frozen=True)
class WalletSums:
    paid: Mapping[str, Sum]
    """By the kind of payout."""
    waiting: Sum
    nickname: str | None
    first_at: datetime | None

    @property
    def paid_in_all(self) -> Sum:
        return Sum(sum(one.payouts for one in self.paid.values()), sum(one.lamports for one in self.paid.values()))


def wallet_sums(wallet: str) -> WalletSums:
    counted = func.count(), func.sum(Payout.lamports), func.max(Payout.nickname), func.min(Payout.created_at)
    grouped = Payout.kind, Payout.state
    found = select(*grouped, *counted).where(Payout.wallet == wallet).group_by(*grouped).order_by(*grouped)
    rows: list[Any] = list(db.session.execute(found))
    paid = {row[0]: Sum(row[2], int(row[3])) for row in rows if row[1] == "paid"}
    waits = [row for row in rows if row[1] in WAITING]
    waiting = Sum(sum(row[2] for row in waits), sum(int(row[3]) for row in waits))
    first_at = min((row[5] for row in rows), default=None)
    return WalletSums(paid, waiting, next((row[4] for row in rows), None), first_at)


def payouts_told(wallet: str) -> Told:
    """Each payout as a moment, at the time it was planned."""
    facts = {
        "kind": Payout.kind, "code": code_of(Payout.contest_id), "lamports": Payout.lamports, "state": Payout.state,
        "batch_id": Payout.batch_id, "paid_at": Payout.paid_at, "held_reason": Payout.held_reason,
        "problem": Payout.problem, "next_step": Payout.next_step,
    }  # fmt: skip
    return told(Payout.created_at, Payout.id, **facts).where(Payout.wallet == wallet)
