"""One submission, with everything its page and its submitter see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from app.core.extensions import db
from app.whitelist.models import Decision, Submission

SHOWN = 10
LARGEST = 2**63


@dataclass(frozen=True)
class SubmissionFacts:
    id: int
    mint: str
    symbol: str
    name: str
    decimals: int | None
    links: Sequence[str]
    words: str
    submitter: str
    client_id: int | None
    state: str
    version: int
    fails: int
    unknowns: int
    thresholds_version: int | None
    evidence: Sequence[Mapping[str, Any]]
    alike: Sequence[Mapping[str, Any]]
    received_at: datetime
    checked_at: datetime | None
    next_try_at: datetime | None
    claimed_by_id: str | None
    claimed_by: str | None
    claimed_at: datetime | None
    now: datetime


@dataclass(frozen=True)
class DecisionFacts:
    """`is_settled` is False while it can still be undone; an undone one is told as such."""

    id: int
    kind: str
    reason_code: str | None
    message: str
    decided_by_id: str
    decided_by: str
    decided_at: datetime
    undo_until: datetime
    undone_at: datetime | None
    settled_at: datetime | None
    evidence: Sequence[Mapping[str, Any]]
    thresholds_version: int | None
    impact: Mapping[str, Any] | None


DECISION: tuple[Any, ...] = (
    Decision.id, Decision.kind, Decision.reason_code, Decision.message, Decision.decided_by_id, Decision.decided_by,
    Decision.decided_at, Decision.undo_until, Decision.undone_at, Decision.settled_at, Decision.evidence,
    Decision.thresholds_version, Decision.impact,
)  # fmt: skip


def submission_facts(submission_id: int) -> SubmissionFacts | None:
    columns: list[Any] = [getattr(Submission, name) for name in SubmissionFacts.__dataclass_fields__ if name != "now"]
    found = select(*columns, func.clock_timestamp()).where(Submission.id == submission_id)
    row: Any = db.session.execute(found).one_or_none()
    return SubmissionFacts(*row) if row else None


def decisions_on(submission_id: int) -> Sequence[DecisionFacts]:
    """Newest first, undone ones too."""
    found = select(*DECISION).where(Decision.submission_id == submission_id).order_by(Decision.id.desc()).limit(SHOWN)
    return [DecisionFacts(*row) for row in db.session.execute(found)]


def told_decision(submission_id: int) -> DecisionFacts | None:
    """The last decision that took effect: what the submitter may know."""
    return next((one for one in decisions_on(submission_id) if one.settled_at and not one.undone_at), None)


@dataclass(frozen=True)
class Undoable:
    id: int
    kind: str
    symbol: str
    undo_until: datetime


def undoable(decision_id: int, by_id: str) -> Undoable | None:
    """The decision, while whoever made it can still undo it."""
    if not 0 < decision_id < LARGEST:
        return None
    found = (
        select(Decision.id, Decision.kind, Submission.symbol, Decision.undo_until)
        .join(Submission, Submission.id == Decision.submission_id)
        .where(Decision.id == decision_id, Decision.decided_by_id == by_id, Decision.undone_at.is_(None))
        .where(Decision.settled_at.is_(None), Decision.undo_until > func.clock_timestamp())
    )
    row = db.session.execute(found).one_or_none()
    return Undoable(*row) if row else None


def still_undoable(decision_ids: Sequence[int], by_id: str) -> Sequence[int]:
    """Those of them that whoever made them can still undo."""
    found = select(Decision.id).where(
        Decision.id.in_(decision_ids), Decision.decided_by_id == by_id, Decision.undone_at.is_(None),
        Decision.settled_at.is_(None), Decision.undo_until > func.clock_timestamp(),
    )  # fmt: skip
    return db.session.scalars(found.order_by(Decision.id)).all() if decision_ids else ()
