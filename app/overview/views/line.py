"""What a line and a clock of the Today page hold, and what the kinds of lines are called."""

from dataclasses import dataclass
from datetime import datetime

TITLES = {
    "gave_up": ("Job gave up", "bad"),
    "evaluators_disagree": ("Evaluators disagree", "bad"),
    "review": ("In review", "warn"),
    "delayed": ("Delayed", "warn"),
    "late": ("Evaluation late", "bad"),
    "open_tie": ("Tie to resolve", "warn"),
    "ready": ("Ready to apply", "now"),
    "unevaluated": ("Ended", "now"),
    "frozen": ("Payouts frozen", "bad"),
    "failed": ("Batch failed", "bad"),
    "approve": ("Money to approve", "warn"),
    "propose": ("Payouts to propose", "now"),
    "submission": ("Token to review", "now"),
    "late_submission": ("Review late", "bad"),
    "risk": ("Referrals to review", "warn"),
    "period": ("Period to close", "now"),
    "given_up": ("Referral gave up", "bad"),
    "refused_import": ("Import refused", "warn"),
    "ready_import": ("Import to confirm", "now"),
}


@dataclass(frozen=True)
class Line:
    kind: str
    title: str
    tone: str
    name: str
    why: str
    since: datetime
    step: str
    href: str


@dataclass(frozen=True)
class Tile:
    label: str
    at: datetime | None
    seconds: float
    goal_s: int | None
    code: str
    href: str

    @property
    def is_late(self) -> bool:
        return self.goal_s is not None and self.seconds > self.goal_s
