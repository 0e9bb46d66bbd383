"""The last look at the market data, read for people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.contests.queries.contest import ContestFacts
from app.contests.rules.needs import reason_words

SHOWN_IN = ("price_check", "delayed", "review")


@dataclass(frozen=True)
class Problem:
    symbol: str
    mint: str
    words: list[str]
    longest_gap_s: int
    gap_from: datetime | None
    gap_to: datetime | None


@dataclass(frozen=True)
class MarketCheck:
    at: datetime
    problems: list[Problem]


def market_check(contest: ContestFacts) -> MarketCheck | None:
    """None when the last look found nothing wrong, or when it no longer matters."""
    if not contest.last_check or contest.state not in SHOWN_IN:
        return None
    problems = [_problem(one) for one in contest.last_check["problems"]]
    return MarketCheck(datetime.fromisoformat(contest.last_check["at"]), problems)


def _problem(one: Mapping[str, Any]) -> Problem:
    return Problem(
        one["symbol"],
        one["mint"],
        reason_words(one["reasons"]),
        one["longest_gap_s"],
        _moment(one["gap_from"]),
        _moment(one["gap_to"]),
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
