"""Decisions found by a query line, and one of them as its reviewer saw it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select, tuple_

from app.core.extensions import db
from app.core.paging import Page, Place, microseconds, moment, page
from app.market.queries import token_names
from app.whitelist.models import Decision, SecondLook, Submission
from app.whitelist.queries.submission import DECISION, DecisionFacts
from app.whitelist.rules.decision_search import DecisionSearch

SIZE = 30
TOOK: ColumnElement[Any] = func.extract("epoch", Decision.decided_at - Decision.opened_at)


@dataclass(frozen=True)
class DecisionLine:
    """`seconds` is from opening the submission to deciding, `verdict` what a second look said."""

    id: int
    kind: str
    submission_id: int | None
    symbol: str
    mint: str
    decided_by: str
    decided_at: datetime
    seconds: float | None
    undone_at: datetime | None
    settled_at: datetime | None
    verdict: str | None


@dataclass(frozen=True)
class Decided:
    """A decision with what it was about."""

    facts: DecisionFacts
    submission_id: int | None
    symbol: str
    mint: str
    verdict: str | None
    looked_by: str | None


def found_decisions(search: DecisionSearch, now: datetime, at: Place) -> Page[DecisionLine]:
    """Newest first."""
    named, columns = _named()
    chosen = _joined(
        select(
            Decision.id, Decision.kind, Decision.submission_id, *columns, Decision.decided_by, Decision.decided_at,
            TOOK, Decision.undone_at, Decision.settled_at, SecondLook.verdict,
        ),
        named,
    ).where(*_conditions(search, now))  # fmt: skip
    if at.key:
        here, there = tuple_(Decision.decided_at, Decision.id), tuple_(literal(moment(at.key[0])), literal(at.key[1]))
        chosen = chosen.where(here > there if at.backwards else here < there)
    keys = (Decision.decided_at, Decision.id)
    ordered = chosen.order_by(*(key.asc() if at.backwards else key.desc() for key in keys)).limit(SIZE + 1)
    lines = [DecisionLine(*row) for row in db.session.execute(ordered)]
    return page(lines, at, SIZE, lambda line: (microseconds(line.decided_at), line.id))


def decision_of(decision_id: int) -> Decided | None:
    named, columns = _named()
    chosen = select(*DECISION, Decision.submission_id, *columns, SecondLook.verdict, SecondLook.looked_by)
    row: Any = db.session.execute(_joined(chosen, named).where(Decision.id == decision_id)).one_or_none()
    return Decided(DecisionFacts(*row[: len(DECISION)]), *row[len(DECISION) :]) if row else None


def _named() -> tuple[Any, tuple[ColumnElement[Any], ColumnElement[Any]]]:
    named = token_names()
    return named, (func.coalesce(Submission.symbol, named.c.symbol), func.coalesce(Submission.mint, named.c.mint))


def _joined(chosen: Select[Any], named: Any) -> Select[Any]:
    return (
        chosen.select_from(Decision)
        .outerjoin(Submission, Submission.id == Decision.submission_id)
        .outerjoin(named, named.c.id == Decision.token_id)
        .outerjoin(SecondLook, SecondLook.decision_id == Decision.id)
    )


def _conditions(search: DecisionSearch, now: datetime) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if search.kind:
        found.append(Decision.kind == search.kind)
    if search.by:
        found.append(Decision.decided_by_id == search.by)
    if search.days:
        found.append(Decision.decided_at >= now - timedelta(days=search.days))
    if search.on_submissions:
        found.append(Decision.submission_id.is_not(None))
    marks = {
        "kept": Decision.undone_at.is_(None),
        "undone": Decision.undone_at.is_not(None),
        "looked": SecondLook.verdict.is_not(None),
        "agreed": SecondLook.verdict == Decision.kind,
        "disagreed": SecondLook.verdict != Decision.kind,
        "unlooked": SecondLook.decision_id.is_not(None) & SecondLook.verdict.is_(None),
    }
    return [*found, marks[search.mark]] if search.mark else found
