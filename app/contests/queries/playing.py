"""Who plays since when and for money, for statements of the floors above, which know players by their wallets."""

from datetime import datetime
from typing import Any

from sqlalchemy import Exists, Select, select

from app.contests.models import Contest, Entry, Player, Transition
from app.core.extensions import db

UNDECIDED = (
    "scheduled",
    "live",
    "ended",
    "price_check",
    "delayed",
    "evaluating",
    "review",
    "proposed",
    "final",
    "paying",
)


def playing_since(wallet: str) -> datetime | None:
    """When the player first joined a contest."""
    first = _entries(wallet).with_only_columns(Entry.joined_at).order_by(Entry.joined_at).limit(1)
    return db.session.scalars(first).one_or_none()


def first_paid_contest(wallet: str, *, after: datetime, until: datetime) -> int | None:
    """The first contest that reached `paid` of those the player paid to enter in that time."""
    reached = (Transition.contest_id == Contest.id) & (Transition.to_state == "paid")
    found = (
        _entries(wallet)
        .with_only_columns(Contest.id)
        .join(Contest, Contest.id == Entry.contest_id)
        .join(Transition, reached)
        .where(_is_paid_for(), Entry.joined_at >= after, Entry.joined_at <= until, Contest.state == "paid")
        .order_by(Transition.id)
        .limit(1)
    )
    return db.session.scalars(found).one_or_none()


def has_undecided_entry(wallet: str, *, after: datetime, until: datetime) -> bool:
    """Whether a contest that the player paid to enter in that time may still reach `paid`."""
    found = (
        _entries(wallet)
        .with_only_columns(Contest.id)
        .join(Contest, Contest.id == Entry.contest_id)
        .where(_is_paid_for(), Entry.joined_at >= after, Entry.joined_at <= until, Contest.state.in_(UNDECIDED))
        .limit(1)
    )
    return db.session.scalars(found).one_or_none() is not None


def paid_entries(contest_id: int) -> "Select[str, datetime]":
    """For statements of upper floors: wallet and time of the contest's paid entries."""
    found = select(Player.wallet, Entry.joined_at).join(Entry, Entry.player_id == Player.id)
    found = found.join(Contest, Contest.id == Entry.contest_id)
    return found.where(Entry.contest_id == contest_id, _is_paid_for())


def joined_since(wallet: Any, since: Any) -> Exists:
    """For statements of upper floors: whether the player of a column of theirs joined a contest after that."""
    later = select(Entry.id).join(Player, Player.id == Entry.player_id)
    return later.where(Player.wallet == wallet, Entry.joined_at > since).correlate_except(Entry, Player).exists()


def _entries(wallet: str) -> "Select[Any]":
    return select(Entry).join(Player, Player.id == Entry.player_id).where(Player.wallet == wallet)


def _is_paid_for() -> Any:
    return (Contest.entry_fee_lamports > 0) & Entry.disqualified.is_(False)
