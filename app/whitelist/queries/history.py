"""What the whitelist tells of one submitter: every token submitted."""

from datetime import datetime

from sqlalchemy import ScalarSelect, func, select

from app.core.moments import Told, told
from app.whitelist.models import Submission


def submissions_told(submitter: str) -> Told:
    facts = {"mint": Submission.mint, "symbol": Submission.symbol, "name": Submission.name, "state": Submission.state}
    return told(Submission.received_at, Submission.id, **facts).where(Submission.submitter == submitter)


def submissions_count(submitter: str) -> ScalarSelect[int]:
    """A statement for others to put together."""
    return select(func.count(Submission.id)).where(Submission.submitter == submitter).scalar_subquery()


def first_submission_at(submitter: str) -> ScalarSelect[datetime]:
    return select(func.min(Submission.received_at)).where(Submission.submitter == submitter).scalar_subquery()
