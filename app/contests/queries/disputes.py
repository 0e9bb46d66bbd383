"""The disputes of a contest with their threads, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, func, or_, select

from app.contests.models import Dispute, DisputePost, Entry, Evaluation, Player
from app.core.extensions import db

SHOWN = 50
POSTS_SHOWN = 500


@dataclass(frozen=True)
class Post:
    words: str
    said_by: str
    said_at: datetime


@dataclass(frozen=True)
class DisputeFacts:
    """`evaluation_version` is that of the draft it was opened against, None when there was none."""

    id: int
    entry_id: int
    nickname: str
    wallet: str
    evaluation_version: int | None
    opened_by: str
    opened_at: datetime
    outcome: str | None
    settled_by: str | None
    settled_at: datetime | None
    posts: Sequence[Post]


@dataclass(frozen=True)
class Named:
    entry_id: int
    nickname: str


def disputes(contest_id: int) -> Sequence[DisputeFacts]:
    """Two statements, however many there are."""
    found = (
        select(
            Dispute.id, Dispute.entry_id, Entry.nickname, Player.wallet, Evaluation.version.label("evaluation_version"),
            Dispute.opened_by, Dispute.opened_at, Dispute.outcome, Dispute.settled_by, Dispute.settled_at,
        )
        .join(Entry, Entry.id == Dispute.entry_id)
        .join(Player, Player.id == Entry.player_id)
        .join(Evaluation, Evaluation.id == Dispute.evaluation_id, isouter=True)
        .where(Dispute.contest_id == contest_id)
        .order_by(Dispute.id.desc())
        .limit(SHOWN)
    )  # fmt: skip
    rows = db.session.execute(found).mappings().all()
    threads = _threads([row["id"] for row in rows])
    return [DisputeFacts(**row, posts=threads[row["id"]]) for row in rows]


def _threads(ids: Sequence[int]) -> dict[int, list[Post]]:
    threads: dict[int, list[Post]] = {one: [] for one in ids}
    if not ids:
        return threads
    columns = (DisputePost.dispute_id, DisputePost.words, DisputePost.said_by, DisputePost.said_at)
    found = select(*columns).where(DisputePost.dispute_id.in_(ids)).order_by(DisputePost.id).limit(POSTS_SHOWN)
    for row in db.session.execute(found):
        threads[row[0]].append(Post(*row[1:]))
    return threads


def open_disputes(contest_id: Any) -> ScalarSelect[int]:
    """For statements about a contest: how many of its disputes are open."""
    found = select(func.count()).where(Dispute.contest_id == contest_id, Dispute.outcome.is_(None))
    return found.correlate_except(Dispute).scalar_subquery()


def entries_called(contest_id: int, name: str) -> Sequence[Named]:
    """Entries of the contest whose wallet or nickname is exactly this; two at most, to tell one from several."""
    found = (
        select(Entry.id, Entry.nickname)
        .join(Player, Player.id == Entry.player_id)
        .where(Entry.contest_id == contest_id, or_(Player.wallet == name, Entry.nickname == name))
        .order_by(Entry.id)
        .limit(2)
    )
    return [Named(*row) for row in db.session.execute(found)]
