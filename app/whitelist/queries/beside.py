"""What stands beside a submission: what else its submitter sent, who else wants its symbol, and notes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.core.extensions import db
from app.whitelist.models import Submission, SubmissionNote

SHOWN = 10


@dataclass(frozen=True)
class Earlier:
    id: int
    symbol: str
    mint: str
    state: str
    received_at: datetime


@dataclass(frozen=True)
class Note:
    words: str
    said_by: str
    said_at: datetime


def earlier_of(submitter: str, but: int) -> Sequence[Earlier]:
    """What else the submitter sent, newest first."""
    columns = Submission.id, Submission.symbol, Submission.mint, Submission.state, Submission.received_at
    found = select(*columns).where(Submission.submitter == submitter, Submission.id != but)
    ordered = found.order_by(Submission.received_at.desc(), Submission.id.desc()).limit(SHOWN)
    return [Earlier(*row) for row in db.session.execute(ordered)]


def rivals_of(mint: str, symbol: str) -> Sequence[Earlier]:
    """Other submissions under the same symbol, or of the same mint, newest first."""
    columns = Submission.id, Submission.symbol, Submission.mint, Submission.state, Submission.received_at
    same = select(*columns).where(Submission.symbol == symbol, Submission.mint != mint)
    ordered = same.order_by(Submission.received_at.desc(), Submission.id.desc()).limit(SHOWN)
    return [Earlier(*row) for row in db.session.execute(ordered)]


def notes_on(submission_id: int) -> Sequence[Note]:
    columns = SubmissionNote.words, SubmissionNote.said_by, SubmissionNote.said_at
    found = select(*columns).where(SubmissionNote.submission_id == submission_id).order_by(SubmissionNote.id.desc())
    return [Note(*row) for row in db.session.execute(found.limit(SHOWN))]
