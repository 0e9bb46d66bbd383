"""How reviewing goes: decisions, how long they take, how often they are undone, and whether second looks agree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select

from app.core.extensions import db
from app.whitelist.models import Decision, SecondLook, Submission

MOST_REVIEWERS = 50


@dataclass(frozen=True)
class Reviewer:
    """Seconds are the median between opening a submission and deciding about it."""

    id: str
    name: str
    decisions: int
    approved: int
    undone: int
    seconds: float | None


@dataclass(frozen=True)
class Outcomes:
    """Of decisions about submissions that stand; seconds are the median from a submission's arrival to its decision."""

    approve: int
    reject: int
    ask: int
    quarantine: int
    undone: int
    seconds: float | None

    @property
    def approved_bps(self) -> int | None:
        """Of what was approved or rejected."""
        final = self.approve + self.reject
        return self.approve * 10_000 // final if final else None


@dataclass(frozen=True)
class Agreement:
    looked: int
    agreed: int
    open: int


@dataclass(frozen=True)
class Blind:
    """A submission as the first reviewer saw it, without what they decided."""

    decision_id: int
    mint: str
    symbol: str
    name: str
    submitter: str
    evidence: Sequence[Mapping[str, Any]]
    decided_at: datetime


def reviewers_since(since: datetime) -> Sequence[Reviewer]:
    """Who decided most first."""
    took = func.extract("epoch", Decision.decided_at - Decision.opened_at)
    found = (
        select(
            Decision.decided_by_id,
            func.max(Decision.decided_by),
            func.count().label("decisions"),
            func.count().filter(Decision.kind == "approve", Decision.undone_at.is_(None)),
            func.count().filter(Decision.undone_at.is_not(None)),
            func.percentile_cont(0.5).within_group(took),
        )
        .where(Decision.submission_id.is_not(None), Decision.decided_at >= since)
        .group_by(Decision.decided_by_id)
        .order_by(func.count().desc(), Decision.decided_by_id)
        .limit(MOST_REVIEWERS)
    )
    return [Reviewer(*row) for row in db.session.execute(found)]


def outcomes_since(since: datetime) -> Outcomes:
    kept = Decision.undone_at.is_(None)
    took = func.extract("epoch", Decision.decided_at - Submission.received_at)
    kinds = [func.count().filter(Decision.kind == kind, kept) for kind in ("approve", "reject", "ask", "quarantine")]
    found = (
        select(*kinds, func.count().filter(~kept), func.percentile_cont(0.5).within_group(took).filter(kept))
        .join(Submission, Submission.id == Decision.submission_id)
        .where(Decision.decided_at >= since)
    )
    row: Any = db.session.execute(found).one()
    return Outcomes(*row)


def agreement_since(since: datetime) -> Agreement:
    agrees = SecondLook.verdict == Decision.kind
    found = (
        select(
            func.count().filter(SecondLook.verdict.is_not(None)),
            func.count().filter(agrees),
            func.count().filter(SecondLook.verdict.is_(None)),
        )
        .join(Decision, Decision.id == SecondLook.decision_id)
        .where(Decision.decided_at >= since)
    )
    return Agreement(*db.session.execute(found).one())


def longest_answer_since(since: datetime) -> timedelta | None:
    """From a submission's arrival to its first evidence, at most."""
    took: ColumnElement[Any] = func.max(Submission.answered_at - Submission.received_at)
    longest: timedelta | None = db.session.execute(select(took).where(Submission.received_at >= since)).scalar_one()
    return longest


def next_second_look(me: str) -> Blind | None:
    """The oldest drawn decision that nobody looked at again and that was not this person's."""
    columns = (
        Decision.id, Submission.mint, Submission.symbol, Submission.name, Submission.submitter, Decision.evidence,
        Decision.decided_at,
    )  # fmt: skip
    found = (
        select(*columns)
        .join(SecondLook, SecondLook.decision_id == Decision.id)
        .join(Submission, Submission.id == Decision.submission_id)
        .where(SecondLook.verdict.is_(None), Decision.decided_by_id != me)
        .order_by(Decision.id)
        .limit(1)
    )
    row = db.session.execute(found).one_or_none()
    return Blind(*row) if row else None
