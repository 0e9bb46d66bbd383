"""Who stands where in one evaluation."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select, tuple_
from sqlalchemy.orm import aliased

from app.contests.models import Entry, Player, Result
from app.core.extensions import db
from app.core.paging import Page, Place, page

SIZE = 50


@dataclass(frozen=True)
class Standing:
    """`is_shared` when another entry has the same rank."""

    rank: int
    entry_id: int
    nickname: str
    wallet: str
    score: Decimal
    prize_lamports: int
    is_shared: bool

    def return_bps(self, initial_balance: Decimal) -> Decimal:
        """Gain on the initial balance; for the eye, scores decide."""
        return (self.score - initial_balance) * 10_000 / initial_balance


def standings_page(evaluation_id: int, at: Place, size: int = SIZE) -> Page[Standing]:
    here = tuple_(Result.rank, Result.entry_id)
    order = (Result.rank, Result.entry_id)
    other = aliased(Result)
    is_shared = (
        select(other.entry_id)
        .where(other.evaluation_id == evaluation_id, other.rank == Result.rank, other.entry_id != Result.entry_id)
        .exists()
    )
    found = (
        select(
            Result.rank, Result.entry_id, Entry.nickname, Player.wallet, Result.score, Result.prize_lamports, is_shared
        )
        .join(Entry, Entry.id == Result.entry_id)
        .join(Player, Player.id == Entry.player_id)
        .where(Result.evaluation_id == evaluation_id)
        .order_by(*(column.desc() if at.backwards else column.asc() for column in order))
        .limit(size + 1)
    )
    if at.key:
        found = found.where(here < at.key if at.backwards else here > at.key)
    rows = [Standing(*row) for row in db.session.execute(found)]
    return page(rows, at, size, lambda row: (row.rank, row.entry_id))
