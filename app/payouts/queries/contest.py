"""The payouts of one contest, line by line and in sums."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from app.contests.queries.entitled import Decided, place_of
from app.core.extensions import db
from app.core.paging import Page, Place, page
from app.payouts.models import Attempt, Payout
from app.payouts.rules.proposing import Position

SIZE = 25


@dataclass(frozen=True)
class PrizeLine:
    """`place` is None for a refund; `shares` how many other open payouts of the contest go to the same wallet."""

    id: int
    kind: str
    place: int | None
    nickname: str
    wallet: str
    lamports: int
    state: str
    batch_id: int | None
    reference: str | None
    held_reason: str | None
    problem: str | None
    whose_fault: str | None
    next_step: str | None
    shares: int


@dataclass(frozen=True)
class Sums:
    """Numbers and lamports of what counts: cancelled payouts are left out."""

    prizes: int = 0
    refunds: int = 0
    payouts: int = 0
    planned: int = 0
    planned_lamports: int = 0
    held: int = 0
    in_batch: int = 0
    paid: int = 0

    @property
    def lamports(self) -> int:
        return self.prizes + self.refunds


def prize_lines(contest_id: int, at: Place, size: int = SIZE) -> Page[PrizeLine]:
    """Prizes by place, then refunds."""
    other = Payout.__table__.alias("other")
    shares = (
        select(func.count())
        .select_from(other)
        .where(
            other.c.contest_id == Payout.contest_id, other.c.wallet == Payout.wallet, other.c.id != Payout.id,
            other.c.kind == Payout.kind, other.c.state != "cancelled",
        )
        .correlate(Payout)
        .scalar_subquery()
    )  # fmt: skip
    found = (
        select(
            Payout.id, Payout.kind, place_of(Payout.entry_id), Payout.nickname, Payout.wallet, Payout.lamports,
            Payout.state, Payout.batch_id, Attempt.reference, Payout.held_reason, Payout.problem,
            Payout.whose_fault, Payout.next_step, shares,
        )
        .join(Attempt, Attempt.id == Payout.paid_attempt_id, isouter=True)
        .where(Payout.contest_id == contest_id, Payout.state != "cancelled")
        .order_by(Payout.id.desc() if at.backwards else Payout.id)
        .limit(size + 1)
    )  # fmt: skip
    if at.key:
        found = found.where(Payout.id < at.key[0] if at.backwards else Payout.id > at.key[0])
    rows = [PrizeLine(*row) for row in db.session.execute(found)]
    return page(rows, at, size, lambda row: (row.id,))


def sums(contest_id: int) -> Sums:
    def lamports(*conditions: Any) -> Any:
        return func.coalesce(func.sum(Payout.lamports).filter(*conditions), 0)

    def number(state: str) -> Any:
        return func.count().filter(Payout.state == state)

    row = db.session.execute(
        select(
            lamports(Payout.kind == "prize"), lamports(Payout.kind == "refund"), func.count(), number("planned"),
            lamports(Payout.state == "planned"), number("held"), number("in_batch"), number("paid"),
        ).where(Payout.contest_id == contest_id, Payout.state != "cancelled")
    ).one()  # fmt: skip
    return Sums(*(int(value) for value in row))


def position_of(decided: Decided, total: Sums, frozen: str) -> Position:
    """What proposing asks about; `frozen` says why payouts stand still, or nothing."""
    return Position(
        pool=0 if decided.is_void else decided.pool_lamports,
        fee=decided.fee_lamports,
        dust=decided.dust_lamports,
        prizes=decided.prizes_lamports,
        refunds=decided.refunds_lamports,
        planned_prizes=total.prizes,
        planned_refunds=total.refunds,
        payouts=total.payouts,
        still_open=total.payouts - total.paid,
        waiting=total.planned,
        frozen=frozen,
    )
