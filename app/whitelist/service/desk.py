"""What reviewers leave for each other: who holds a submission, and notes on it."""

from app.audit.rules import Actor
from app.audit.service import record
from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.extensions import db
from app.staff.service.mentions import call_upon
from app.whitelist.models import Submission, SubmissionNote
from app.whitelist.service.locking import hold_submission


class HeldByAnother(Refusal):
    def __init__(self, submission: Submission) -> None:
        holder = submission.claimed_by or "nobody"
        super().__init__(
            f"Meanwhile {holder} holds {submission.symbol}.", "Look at it as it is now, then decide again."
        )


def claim_submission(submission_id: int, *, seen_holder: str, by: Actor) -> None:
    """`seen_holder` is the id of whom the page showed, empty for nobody. It keeps nobody out."""
    submission = _held(submission_id, seen_holder)
    before = {"claimed_by": submission.claimed_by}
    submission.claimed_by_id, submission.claimed_by, submission.claimed_at = by.id, by.name, database_now()
    record("whitelist:submission:claim", object_type="submission", object_id=submission_id, by=by, before=before,
           after={"claimed_by": by.name})  # fmt: skip
    db.session.commit()


def let_go_submission(submission_id: int, *, seen_holder: str, by: Actor) -> None:
    submission = _held(submission_id, seen_holder)
    before = {"claimed_by": submission.claimed_by}
    submission.claimed_by_id = submission.claimed_by = submission.claimed_at = None
    record("whitelist:submission:let_go", object_type="submission", object_id=submission_id, by=by, before=before,
           after={"claimed_by": None})  # fmt: skip
    db.session.commit()


def add_note(submission_id: int, *, words: str, by: Actor) -> None:
    hold_submission(submission_id)
    db.session.add(SubmissionNote(submission_id=submission_id, words=words, said_by=by.name))
    call_upon(words, object_type="submission", object_id=str(submission_id), by=by)
    record("whitelist:note:add", object_type="submission", object_id=submission_id, by=by, reason=words)
    db.session.commit()


def _held(submission_id: int, seen_holder: str) -> Submission:
    submission = hold_submission(submission_id)
    if (submission.claimed_by_id or "") != seen_holder:
        raise HeldByAnother(submission)
    return submission
