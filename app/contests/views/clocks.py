"""The clock of an evaluation: from the end of a contest to its draft, against the goal."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

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
