"""What people at the desk left: the notes on a contest, the saved reasons, and who holds it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.contests.models import ContestClaim, ContestNote, SavedReason
from app.core.extensions import db

NOTES_SHOWN = 50
REASONS_OFFERED = 50


@dataclass(frozen=True)
class Note:
    words: str
    said_by: str
    said_at: datetime


@dataclass(frozen=True)
class Saved:
    id: int
    words: str
    saved_by: str
    saved_at: datetime


@dataclass(frozen=True)
class Claim:
    claimed_by_id: str
    claimed_by: str
    claimed_at: datetime


def notes(contest_id: int) -> Sequence[Note]:
    """Newest first."""
    columns = (ContestNote.words, ContestNote.said_by, ContestNote.said_at)
    found = select(*columns).where(ContestNote.contest_id == contest_id).order_by(ContestNote.id.desc())
    return [Note(*row) for row in db.session.execute(found.limit(NOTES_SHOWN))]


def saved_reasons() -> Sequence[Saved]:
    """Those in use, by their words."""
    columns = (SavedReason.id, SavedReason.words, SavedReason.saved_by, SavedReason.saved_at)
    found = select(*columns).where(SavedReason.retired_at.is_(None)).order_by(SavedReason.words)
    return [Saved(*row) for row in db.session.execute(found.limit(REASONS_OFFERED))]


def claim_on(contest_id: int) -> Claim | None:
    columns = (ContestClaim.claimed_by_id, ContestClaim.claimed_by, ContestClaim.claimed_at)
    row = db.session.execute(select(*columns).where(ContestClaim.contest_id == contest_id)).one_or_none()
    return None if row is None else Claim(*row)
