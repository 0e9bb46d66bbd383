"""Holding a submission while something is decided about it, and telling other programs what became of it."""

from sqlalchemy import select

from app.core.errors import Refusal
from app.core.extensions import db
from app.webhooks.service import announce
from app.whitelist.models import Submission


class NoSuchSubmission(Refusal):
    def __init__(self, submission_id: int) -> None:
        super().__init__(f"There is no submission {submission_id}.", "See the queue for those there are.", status=404)


class SubmissionChanged(Refusal):
    def __init__(self, submission: Submission) -> None:
        super().__init__(
            f"Submission {submission.id} changed meanwhile: it is {submission.state.replace('_', ' ')}.",
            "Look at it as it is now, then decide again.",
        )


def hold_submission(submission_id: int) -> Submission:
    wanted = select(Submission).where(Submission.id == submission_id).with_for_update()
    found = db.session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NoSuchSubmission(submission_id)
    return found


def tell(event: str, submission: Submission) -> None:
    """Announces it in this transaction."""
    told = ("id", "mint", "symbol", "name", "submitter", "state", "version")
    facts = {name: getattr(submission, name) for name in told}
    announce(event, subject=str(submission.id), facts=facts)
