"""What an evaluation's prices stand on: the contest's own window and terms, or those that two people ruled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.contests.models import Contest, Evaluation
from app.contests.queries.rulings import price_ruling
from app.contests.service.settling import Problem, settle_prices
from app.core.extensions import db

LATEST = timedelta(hours=1)
MOST_TRIES = 200
"""A later window is looked for within an hour, and so often at most."""
SECOND = timedelta(seconds=1)


@dataclass
class Standing:
    """`kind` names the ruling, None for the contest's own window; `closes_at` is the last second of the window."""

    kind: str | None
    terms: Mapping[str, int]
    closes_at: datetime


def standing_of(contest: Contest) -> Standing:
    kind, terms = price_ruling(contest.id), contest.settlement
    if kind == "fallback_sources":
        terms = {**terms, "min_sources": 1}
    return Standing(kind, terms, contest.ends_at)


def settle(contest: Contest, evaluation: Evaluation, standing: Standing, now: datetime) -> tuple[Problem, ...]:
    """Settles the prices as `standing` says; of a later window it learns which one that is."""
    if standing.kind == "fallback_sources":
        evaluation.settlement = dict(standing.terms)
    if standing.kind != "later_window":
        return settle_prices(contest.id, evaluation.id, standing.terms, standing.closes_at)
    closes_at, problems = contest.ends_at + SECOND, tuple[Problem, ...]()
    for _ in range(MOST_TRIES):
        if closes_at > min(now, contest.ends_at + LATEST):
            break
        trial = db.session.begin_nested()
        problems = settle_prices(contest.id, evaluation.id, standing.terms, closes_at)
        if not problems:
            trial.commit()
            standing.closes_at = evaluation.settles_at = closes_at
            return ()
        trial.rollback()
        closes_at = _next_end(closes_at, problems, standing.terms)
    return problems or settle_prices(contest.id, evaluation.id, standing.terms, contest.ends_at)


def _next_end(closes_at: datetime, problems: Sequence[Problem], terms: Mapping[str, int]) -> datetime:
    """The first end that the gaps found do not rule out: a window may hold no more of a gap than is allowed."""
    allowed, window = timedelta(seconds=terms["max_gap_s"]), timedelta(seconds=terms["window_s"])
    wanted = closes_at + SECOND
    for problem in problems:
        if "gap" in problem.reasons and problem.gap_to:
            wanted = max(wanted, problem.gap_to - allowed + window if problem.gap_to < closes_at else wanted)
    return wanted
