"""What a new evaluation changes against an earlier one: only the entries that moved."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import text

from app.core.extensions import db
from app.core.paging import Page, Place, page

SIZE = 50
COUNTED = 10_000
CHANGED = """
    SELECT n.rank, n.entry_id, n.score, n.prize_lamports FROM results n
    WHERE n.evaluation_id = :new AND NOT EXISTS (
      SELECT FROM results o WHERE o.evaluation_id = :old AND o.rank = n.rank AND o.entry_id = n.entry_id
        AND o.score = n.score AND o.prize_lamports = n.prize_lamports)
"""
AFTER = " AND (n.rank, n.entry_id) > (:rank, :entry) ORDER BY n.rank, n.entry_id LIMIT :limit"
BEFORE = " AND (n.rank, n.entry_id) < (:rank, :entry) ORDER BY n.rank DESC, n.entry_id DESC LIMIT :limit"
"""Both ends read along the key of `results`; a page stops at its last changed row."""
EARLIER = """
    SELECT c.rank, c.entry_id, e.nickname, p.wallet, c.score, c.prize_lamports,
           o.rank AS old_rank, o.score AS old_score, o.prize_lamports AS old_prize_lamports
    FROM ({changed}) c
    JOIN entries e ON e.id = c.entry_id
    JOIN players p ON p.id = e.player_id
    LEFT JOIN results o ON o.evaluation_id = :old AND o.entry_id = c.entry_id
    ORDER BY c.rank {order}, c.entry_id {order}
"""
COUNTED_ROWS = "SELECT count(*) FROM ({changed} LIMIT :limit) c"
PRIZES = """
    SELECT count(*) FROM
      (SELECT entry_id, prize_lamports FROM results
        WHERE evaluation_id = :new AND rank <= :places AND prize_lamports > 0) n
      FULL JOIN (SELECT entry_id, prize_lamports FROM results
        WHERE evaluation_id = :old AND rank <= :places AND prize_lamports > 0) o USING (entry_id)
    WHERE n.prize_lamports IS DISTINCT FROM o.prize_lamports
"""


@dataclass(frozen=True)
class Difference:
    """One entry in the new evaluation and, None when it was not there, in the old one."""

    rank: int
    entry_id: int
    nickname: str
    wallet: str
    score: Decimal
    prize_lamports: int
    old_rank: int | None
    old_score: Decimal | None
    old_prize_lamports: int | None

    @property
    def places_won(self) -> int:
        return 0 if self.old_rank is None else self.old_rank - self.rank

    @property
    def prize_change_lamports(self) -> int:
        return self.prize_lamports - (self.old_prize_lamports or 0)


@dataclass(frozen=True)
class Extent:
    """How much changed; `rows` counts up to 10,000 and `more` says that there are others."""

    rows: int
    more: bool
    prizes: int


def differences_page(old_id: int, new_id: int, at: Place, size: int = SIZE) -> Page[Difference]:
    rank, entry = at.key or (0, 0)
    changed, order = (BEFORE, "DESC") if at.backwards else (AFTER, "ASC")
    statement = text(EARLIER.format(changed=CHANGED + changed, order=order))
    values = {"old": old_id, "new": new_id, "rank": rank, "entry": entry, "limit": size + 1}
    rows = [Difference(*row) for row in db.session.execute(statement, values)]
    return page(rows, at, size, lambda row: (row.rank, row.entry_id))


def extent(old_id: int, new_id: int, prize_split_bps: Sequence[int]) -> Extent:
    pair = {"old": old_id, "new": new_id}
    counted = db.session.execute(text(COUNTED_ROWS.format(changed=CHANGED)), pair | {"limit": COUNTED + 1}).scalar_one()
    prizes = db.session.execute(text(PRIZES), pair | {"places": len(prize_split_bps)}).scalar_one()
    return Extent(min(counted, COUNTED), counted > COUNTED, prizes)
