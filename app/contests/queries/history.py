"""What contests tell of one player: who it is, every entry, and how it ended."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select

from app.contests.models import Contest, Entry, Player, Result
from app.core.extensions import db
from app.core.moments import Told, told


@dataclass(frozen=True)
class PlayerFacts:
    id: int
    nickname: str
    first_seen_at: datetime
    entries: int
    disqualified: int


@dataclass(frozen=True)
class Placed:
    rank: int
    score: Decimal
    prize_lamports: int


def player_facts(wallet: str) -> PlayerFacts | None:
    found = (
        select(
            Player.id, Player.nickname, Player.created_at, func.count(Entry.id),
            func.count().filter(Entry.disqualified), func.min(Entry.joined_at),
        )
        .join(Entry, Entry.player_id == Player.id, isouter=True)
        .where(Player.wallet == wallet)
        .group_by(Player.id)
    )  # fmt: skip
    row = db.session.execute(found).one_or_none()
    if row is None:
        return None
    number, nickname, made_at, entries, disqualified, joined_at = row
    return PlayerFacts(number, nickname, min(made_at, joined_at or made_at), entries, disqualified)


def entries_told(wallet: str) -> Told:
    """Each entry as a moment, at the time the player joined."""
    facts = {
        "code": Contest.code, "name": Contest.name, "state": Contest.state, "nickname": Entry.nickname,
        "fee": Contest.entry_fee_lamports, "disqualified": Entry.disqualified, "ends_at": Contest.ends_at,
        "players": Contest.entries_count,
    }  # fmt: skip
    mine = select(Player.id).where(Player.wallet == wallet).scalar_subquery()
    joined = told(Entry.joined_at, Entry.id, **facts).join(Contest, Contest.id == Entry.contest_id)
    return joined.where(Entry.player_id == mine)


def places(entry_ids: Collection[int]) -> Mapping[int, Placed]:
    """Published ranks of a page of entries: each is one key range of its contest's result."""
    found = (
        select(Entry.id, Result.rank, Result.score, Result.prize_lamports)
        .join(Contest, Contest.id == Entry.contest_id)
        .join(Result, (Result.evaluation_id == Contest.published_evaluation_id) & (Result.entry_id == Entry.id))
        .where(Entry.id.in_(entry_ids))
    )
    return {row[0]: Placed(*row[1:]) for row in db.session.execute(found)} if entry_ids else {}
