"""The tied groups of an evaluation, with the players just above and below who stand on the same score."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select, text

from app.contests.models import Evaluation, Result, Tie
from app.contests.rules.tiebreakers import TIEBREAKERS
from app.core.extensions import db

GROUPS_SHOWN = 20
MEMBERS_SHOWN = 100
NEIGHBOURS_SHOWN = 3

AROUND = text("""
    SELECT t.id AS tie_id, r.rank, r.entry_id, e.nickname, p.wallet, r.score, r.prize_lamports,
           v.win_rate, v.profitable_trades, v.avg_profit, v.biggest_win, v.profitable_time, v.first_profit_at
    FROM ties t
    CROSS JOIN LATERAL (
      (SELECT * FROM results WHERE evaluation_id = t.evaluation_id AND rank < t.rank
        ORDER BY rank DESC, entry_id DESC LIMIT :neighbours)
      UNION ALL
      (SELECT * FROM results WHERE evaluation_id = t.evaluation_id AND rank >= t.rank AND rank < t.rank + t.size
        ORDER BY rank, entry_id LIMIT :members)
      UNION ALL
      (SELECT * FROM results WHERE evaluation_id = t.evaluation_id AND rank >= t.rank + t.size
        ORDER BY rank, entry_id LIMIT :neighbours)
    ) r
    JOIN entries e ON e.id = r.entry_id
    JOIN players p ON p.id = e.player_id
    LEFT JOIN tiebreak_values v ON v.evaluation_id = r.evaluation_id AND v.entry_id = r.entry_id
    WHERE t.id = ANY(:ids)
    ORDER BY t.id, r.rank, r.entry_id
""")


@dataclass(frozen=True)
class TieFacts:
    id: int
    evaluation_id: int
    rank: int
    size: int
    at_stake_lamports: int
    remainder_lamports: int
    version: int
    choice: str | None
    ordered_entry_ids: list[int] | None
    reason: str | None
    resolved_by: str | None
    resolved_at: datetime | None


@dataclass(frozen=True)
class Tied:
    """A player of the group, or (`is_neighbour`) one on the same score whom a rule separates from it."""

    rank: int
    entry_id: int
    nickname: str
    wallet: str
    score: Decimal
    prize_lamports: int
    is_neighbour: bool
    values: dict[str, Decimal | int | datetime | None]


def ties(evaluation_id: int) -> Sequence[TieFacts]:
    """Open ones first, then the better place."""
    found = (
        select(*(getattr(Tie, name) for name in TieFacts.__dataclass_fields__))
        .where(Tie.evaluation_id == evaluation_id)
        .order_by(Tie.choice.is_not(None), Tie.rank)
        .limit(GROUPS_SHOWN)
    )
    return [TieFacts(**row) for row in db.session.execute(found).mappings()]


def tie_in(contest_id: int, tie_id: int) -> TieFacts | None:
    found = (
        select(*(getattr(Tie, name) for name in TieFacts.__dataclass_fields__))
        .join(Evaluation, Evaluation.id == Tie.evaluation_id)
        .where(Tie.id == tie_id, Evaluation.contest_id == contest_id)
    )
    row = db.session.execute(found).mappings().one_or_none()
    return None if row is None else TieFacts(**row)


def members(tie: TieFacts) -> Sequence[int]:
    """The entries of a group that is not ordered yet, up to as many as a page shows."""
    found = (
        select(Result.entry_id)
        .where(Result.evaluation_id == tie.evaluation_id, Result.rank == tie.rank)
        .order_by(Result.entry_id)
        .limit(MEMBERS_SHOWN)
    )
    return db.session.scalars(found).all()


def tied_players(groups: Iterable[TieFacts]) -> dict[int, list[Tied]]:
    """By tie id, best rank first. An order by hand gives each player a rank of its own: a group spans `size` ranks."""
    by_id = {group.id: group for group in groups}
    limits = {"ids": list(by_id), "members": MEMBERS_SHOWN, "neighbours": NEIGHBOURS_SHOWN}
    cards: dict[int, list[Tied]] = {tie_id: [] for tie_id in by_id}
    for row in db.session.execute(AROUND, limits):
        group = by_id[row.tie_id]
        outside = not group.rank <= row.rank < group.rank + group.size
        player = Tied(
            row.rank, row.entry_id, row.nickname, row.wallet, row.score, row.prize_lamports, outside,
            {rule: getattr(row, rule) for rule in TIEBREAKERS},
        )  # fmt: skip
        cards[row.tie_id].append(player)
    return {tie_id: _on_one_score(players) for tie_id, players in cards.items()}


def _on_one_score(players: Sequence[Tied]) -> list[Tied]:
    scores = {player.score for player in players if not player.is_neighbour}
    return [player for player in players if player.score in scores]
