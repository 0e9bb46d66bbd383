"""How far the payouts of contests have come."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import case, func, select

from app.core.extensions import db
from app.payouts.models import Batch, Payout
from app.payouts.rules.life import OPEN_PAYOUTS


@dataclass(frozen=True)
class StateSum:
    kind: str
    state: str
    payouts: int
    lamports: int


def moving_of_contests(ids: Collection[int]) -> dict[int, bool]:
    """Contests of which something is approved or paid, or nothing is owed; the value is whether all is paid."""
    is_open = Payout.state.in_(OPEN_PAYOUTS)
    moves = (Payout.state == "paid") | Batch.state.in_(("approved", "paying"))
    found = (
        select(Payout.contest_id, func.count().filter(is_open), func.count(case((moves, 1))))
        .join(Batch, Batch.id == Payout.batch_id, isouter=True)
        .where(Payout.contest_id.in_(ids), Payout.state != "cancelled")
        .group_by(Payout.contest_id)
    )
    counted = {contest_id: (still_open, moving) for contest_id, still_open, moving in db.session.execute(found)}
    nothing = (0, 1)
    return {
        contest_id: still_open == 0
        for contest_id in ids
        for still_open, moving in [counted.get(contest_id, nothing)]
        if moving
    }


def sums_of_payouts(contest_id: int | None = None) -> list[StateSum]:
    """Numbers and lamports by kind and state, of one contest or of all."""
    found = select(Payout.kind, Payout.state, func.count(), func.sum(Payout.lamports))
    found = found.group_by(Payout.kind, Payout.state).order_by(Payout.kind, Payout.state)
    if contest_id is not None:
        found = found.where(Payout.contest_id == contest_id)
    return [StateSum(kind, state, count, int(lamports)) for kind, state, count, lamports in db.session.execute(found)]


def planned_lamports(contest_id: int | None = None) -> int:
    """What a proposal would put on lists."""
    planned = select(func.coalesce(func.sum(Payout.lamports), 0)).where(Payout.state == "planned")
    if contest_id is not None:
        planned = planned.where(Payout.contest_id == contest_id)
    return int(db.session.execute(planned).scalar_one())
