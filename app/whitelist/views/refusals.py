"""A decision that was refused: what changed since its form was opened, and who changed it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.audit.queries import timeline
from app.core.errors import Refusal
from app.whitelist.queries.submission import DecisionFacts, SubmissionFacts, decisions_on


@dataclass(frozen=True)
class Change:
    field: str
    before: str
    now: str


@dataclass(frozen=True)
class Refused:
    what: str
    fix: str
    changes: tuple[Change, ...] = ()
    by: str = ""
    at: datetime | None = None


def seen(one: SubmissionFacts, decisions: Sequence[DecisionFacts]) -> str:
    """What a form remembers of the page it stood on."""
    decided = next((f"{two.kind} by {two.decided_by}" for two in decisions if not two.undone_at), "none")
    counts = f"{one.fails} red, {one.unknowns} unknown"
    return "|".join((one.state.replace("_", " "), decided, counts, str(one.version)))


def refused(refusal: Refusal, before: str, one: SubmissionFacts) -> Refused:
    """`before` is what `seen` said when the form was opened."""
    if refusal.status != 409:
        return Refused(refusal.what, refusal.fix)
    names = ("State", "Decision", "Evidence", "Version")
    parts = zip(names, before.split("|"), seen(one, decisions_on(one.id)).split("|"), strict=False)
    changes = tuple(Change(name, old, new) for name, old, new in parts if old != new)
    newest = timeline("submission", str(one.id), size=1)
    if not newest:
        return Refused(refusal.what, refusal.fix, changes)
    return Refused(refusal.what, refusal.fix, changes, newest[0].actor_name, newest[0].at)
