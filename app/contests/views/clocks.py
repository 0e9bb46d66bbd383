"""The clocks of a contest: from its end to its draft, against the goal; and how long the draft can be challenged."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from app.contests.queries.contest import ContestFacts
from app.contests.rules.search import UNEVALUATED_STATES
from app.core.extensions import settings

AIM_S = 15
"""What we want; the target itself is a setting."""


class Awaited(Protocol):
    @property
    def state(self) -> str: ...
    @property
    def since(self) -> datetime: ...
    @property
    def now(self) -> datetime: ...


@dataclass(frozen=True)
class Clock:
    """`is_running` while nobody has proposed a result yet."""

    seconds: float
    goal_s: int
    is_running: bool
    aim_s: int = AIM_S

    @property
    def is_late(self) -> bool:
        return self.seconds > self.goal_s

    @property
    def left_s(self) -> float:
        return self.goal_s - self.seconds


def evaluation_clock(contest: Awaited, proposed_at: datetime | None) -> Clock | None:
    """None while the contest runs, and for one that became void before anybody proposed a result."""
    goal_s = settings().evaluation_goal_s
    if proposed_at is not None:
        return Clock((proposed_at - contest.since).total_seconds(), goal_s, is_running=False)
    if contest.state in (*UNEVALUATED_STATES, "review"):
        return Clock((contest.now - contest.since).total_seconds(), goal_s, is_running=True)
    return None


@dataclass(frozen=True)
class Challenge:
    """`is_open` by the clock of the database; `final_at` is when the draft becomes final by itself, if it does."""

    ends_at: datetime
    is_open: bool
    final_at: datetime | None


def challenge(contest: ContestFacts, reached: Mapping[str, datetime]) -> Challenge | None:
    """None unless a draft stands proposed."""
    if contest.state != "proposed" or "proposed" not in reached:
        return None
    ends_at = reached["proposed"] + timedelta(seconds=contest.challenge_s)
    return Challenge(ends_at, contest.now < ends_at, contest.next_try_at)
