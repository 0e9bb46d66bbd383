"""One contest: its terms, its state, every state it was in and every evaluation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from app.contests.models import Contest, Evaluation, Tie, Transition
from app.contests.queries.waiting import WAITS_SINCE
from app.core.extensions import db

VERSIONS_SHOWN = 50
TRANSITIONS_SHOWN = 100


@dataclass(frozen=True)
class ContestFacts:
    """`since` is when the wait for an evaluation began; `now` is the database's time of the reading."""

    id: int
    code: str
    name: str
    state: str
    version: int
    starts_at: datetime
    ends_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    created_at: datetime
    since: datetime
    entry_fee_lamports: int
    sponsored_lamports: int
    platform_fee_bps: int
    prize_split_bps: list[int]
    min_participants: int
    initial_balance: Decimal
    score_decimals: int
    tie_policy: str
    tiebreakers: list[str]
    settlement: dict[str, int]
    challenge_s: int
    feed_id: int
    entries_count: int
    trades_count: int
    last_check: dict[str, Any] | None
    review_reason: str | None
    void_reason: str | None
    asked_by: str | None
    attempts: int
    next_try_at: datetime | None
    last_error: str | None
    dead_at: datetime | None
    published_evaluation_id: int | None
    now: datetime

    @property
    def pool_lamports(self) -> int:
        """What the pool holds when every entry is eligible."""
        return self.entries_count * self.entry_fee_lamports + self.sponsored_lamports


@dataclass(frozen=True)
class EvaluationFacts:
    id: int
    version: int
    state: str
    evaluated_at: datetime
    evaluated_by: str
    reason: str | None
    took_ms: int | None
    entries: int
    pool_lamports: int
    fee_lamports: int
    dust_lamports: int
    prizes_lamports: int
    inputs_hash: str | None
    result_hash: str | None
    code_version: str
    verified: str
    verify_note: str | None
    settles_at: datetime | None
    fragility: dict[str, Any] | None
    published_at: datetime | None
    published_by: str | None
    ties: int
    open_ties: int
    open_at_stake_lamports: int


@dataclass(frozen=True)
class Step:
    state: str
    at: datetime


def contest_by_code(code: str) -> ContestFacts | None:
    names = [name for name in ContestFacts.__dataclass_fields__ if name not in {"since", "now"}]
    since = WAITS_SINCE.label("since")
    columns = [getattr(Contest, name) for name in names]
    found = select(*columns, since, func.clock_timestamp().label("now")).where(Contest.code == code)
    row = db.session.execute(found).mappings().one_or_none()
    return None if row is None else ContestFacts(**row)


def evaluations(contest_id: int) -> Sequence[EvaluationFacts]:
    """Newest version first."""
    is_open = Tie.choice.is_(None)
    at_stake = func.coalesce(func.sum(Tie.at_stake_lamports).filter(is_open), 0)
    ties = (
        select(
            func.count().label("ties"),
            func.count().filter(is_open).label("open_ties"),
            at_stake.label("open_at_stake_lamports"),
        )
        .where(Tie.evaluation_id == Evaluation.id)
        .lateral("tied")
    )
    names = [name for name in EvaluationFacts.__dataclass_fields__ if name not in ties.c]
    found = (
        select(*(getattr(Evaluation, name) for name in names), *ties.c)
        .join(ties, ties.c.ties >= 0)
        .where(Evaluation.contest_id == contest_id)
        .order_by(Evaluation.version.desc())
        .limit(VERSIONS_SHOWN)
    )
    return [EvaluationFacts(**row) for row in db.session.execute(found).mappings()]


def current(versions: Sequence[EvaluationFacts]) -> EvaluationFacts | None:
    """The result that counts: the published one, or the draft while nothing is published."""
    return next((one for one in versions if one.state in {"draft", "published"}), None)


def steps(contest_id: int) -> Sequence[Step]:
    """Every state the contest was in, oldest first; of a very long life the newest."""
    found = (
        select(Transition.to_state, Transition.at)
        .where(Transition.contest_id == contest_id)
        .order_by(Transition.id.desc())
        .limit(TRANSITIONS_SHOWN)
    )
    return [Step(*row) for row in reversed(db.session.execute(found).all())]
