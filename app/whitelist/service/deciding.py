"""Decisions about a submission. Nothing of one takes effect before it can no longer be undone."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from app.audit.rules import Actor
from app.audit.service import record
from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.extensions import db, settings
from app.market.queries import known_tokens
from app.whitelist.models import Decision, Submission
from app.whitelist.queries.calm import pace_of
from app.whitelist.rules.calm import ASKED, is_right
from app.whitelist.rules.deciding import blockers, decimals_of
from app.whitelist.rules.life import ON_SUBMISSIONS, SHORTEST_WORDS
from app.whitelist.service.locking import SubmissionChanged, hold_submission
from app.whitelist.service.reasons import message_of


@dataclass(frozen=True)
class Wish:
    """What a reviewer wants. `key` is the form's own: sent twice, it is one decision.

    `ending` is how the mint ends, where that was asked.
    """

    kind: str
    version: int
    key: str
    reason_code: str = ""
    words: str = ""
    opened_at: datetime | None = None
    ending: str = ""


@dataclass(frozen=True)
class Decided:
    id: int
    submission_id: int
    symbol: str
    done: str


class CannotApprove(Refusal):
    def __init__(self, submission: Submission, said: list[str], *, wants_words: bool) -> None:
        fix = "Write it in your own words, then approve." if wants_words else "Decide otherwise."
        super().__init__(f"{submission.symbol} cannot be approved. {' '.join(said)}", fix, status=422)


class LookAgain(Refusal):
    def __init__(self, submission: Submission, why: str) -> None:
        super().__init__(
            f"{submission.symbol} is not approved yet. {why}",
            f"Read its evidence, and type how its mint ends: {ASKED} characters.",
            status=422,
        )


class TooLateToUndo(Refusal):
    def __init__(self) -> None:
        super().__init__(
            f"A decision can be undone for {settings().whitelist_undo_s} seconds, by whoever made it.",
            "Suspend the token instead, or ask for it to be submitted again.",
        )


def decide(submission_id: int, wish: Wish, *, by: Actor) -> Decided:
    told = note_decision(hold_submission(submission_id), wish, by)
    db.session.commit()
    return told


def note_decision(submission: Submission, wish: Wish, by: Actor) -> Decided:
    """Part of a larger command, which commits. The submission is held; sent again it is the same decision."""
    made = db.session.scalars(select(Decision).where(Decision.key == wish.key)).one_or_none()
    if made is not None and made.submission_id == submission.id:
        return _told(made, submission)
    if submission.state != "awaiting_review" or submission.version != wish.version:
        raise SubmissionChanged(submission)
    if wish.kind == "approve":
        _check_approval(submission, wish.words)
        _check_calm(submission, wish.ending, by)
    decision = _written(submission, wish, by)
    before, submission.state = submission.state, ON_SUBMISSIONS[wish.kind].leads_to
    submission.version += 1
    submission.claimed_by_id = submission.claimed_by = submission.claimed_at = None
    record(
        f"whitelist:submission:{wish.kind}", object_type="submission", object_id=submission.id, by=by,
        before={"state": before}, after={"state": submission.state, "reason": wish.reason_code},
        reason=decision.message or None,
    )  # fmt: skip
    return _told(decision, submission)


def undo(decision_id: int, *, by: Actor) -> Decided:
    told = note_undo(decision_id, by)
    db.session.commit()
    return told


def note_undo(decision_id: int, by: Actor) -> Decided:
    """Puts the submission back as it was, while nothing of the decision has taken effect; the caller commits."""
    wanted = select(Decision).where(Decision.id == decision_id).with_for_update()
    decision = db.session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    now = database_now()
    if decision is None or decision.submission_id is None or decision.decided_by_id != by.id:
        raise TooLateToUndo
    if decision.settled_at is not None or decision.undone_at is not None or decision.undo_until <= now:
        raise TooLateToUndo
    submission = hold_submission(decision.submission_id)
    decision.undone_at, decision.undone_by = now, by.name
    before, submission.state = submission.state, "awaiting_review"
    submission.version += 1
    record(
        "whitelist:decision:undo", object_type="submission", object_id=submission.id, by=by,
        before={"state": before}, after={"state": submission.state},
    )  # fmt: skip
    return Decided(decision.id, submission.id, submission.symbol, "waiting for a decision again")


def leave_quarantine(submission_id: int, *, version: int, by: Actor) -> None:
    """Back to the queue, for another look."""
    submission = hold_submission(submission_id)
    if submission.state != "quarantined" or submission.version != version:
        raise SubmissionChanged(submission)
    submission.state = "awaiting_review"
    submission.version += 1
    record("whitelist:submission:release", object_type="submission", object_id=submission_id, by=by,
           before={"state": "quarantined"}, after={"state": "awaiting_review"})  # fmt: skip
    db.session.commit()


def _check_approval(submission: Submission, words: str) -> None:
    decimals = decimals_of(submission.evidence, submission.decimals)
    said = blockers(submission.evidence, decimals=decimals, words=words)
    is_known = bool(known_tokens([submission.mint]))
    if is_known:
        said.append("The mint is one of our tokens already.")
    if said:
        would_do = not blockers(submission.evidence, decimals=decimals, words="." * SHORTEST_WORDS)
        raise CannotApprove(submission, said, wants_words=would_do and not is_known)


def _check_calm(submission: Submission, ending: str, by: Actor) -> None:
    why = "" if is_right(submission.mint, ending) else pace_of(by.id).why
    if why:
        raise LookAgain(submission, why)


def _written(submission: Submission, wish: Wish, by: Actor) -> Decision:
    now = database_now()
    undo_until = now + timedelta(seconds=settings().whitelist_undo_s)
    decision = Decision(
        submission_id=submission.id, kind=wish.kind, reason_code=wish.reason_code or None,
        message=message_of(wish.kind, wish.reason_code, wish.words), key=wish.key, evidence=submission.evidence,
        thresholds_version=submission.thresholds_version,
        decided_by_id=by.id, decided_by=by.name, opened_at=wish.opened_at, decided_at=now, undo_until=undo_until,
    )  # fmt: skip
    db.session.add(decision)
    db.session.flush()
    return decision


def _told(decision: Decision, submission: Submission) -> Decided:
    return Decided(decision.id, submission.id, submission.symbol, ON_SUBMISSIONS[decision.kind].done)
