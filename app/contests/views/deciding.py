"""A command that was refused, told on its page: 422 keeps the form, 409 says what changed meanwhile."""

from dataclasses import dataclass
from datetime import datetime

from app.audit.queries import timeline
from app.contests.queries.contest import ContestFacts, EvaluationFacts
from app.core.errors import Refusal


@dataclass(frozen=True)
class Change:
    field: str
    before: str
    now: str


@dataclass(frozen=True)
class Refused:
    """A command that was not carried out, with what changed since its form was opened and who changed it."""

    what: str
    fix: str
    status: int
    changes: tuple[Change, ...] = ()
    by: str = ""
    at: datetime | None = None


def seen(contest: ContestFacts, result: EvaluationFacts | None) -> str:
    """What a form remembers of the page it stood on."""
    version = f"v{result.version}" if result else "none"
    ties = str(result.open_ties) if result else "0"
    return "|".join((contest.state.replace("_", " "), version, ties))


def refused(
    refusal: Refusal, before: str, contest: ContestFacts, result: EvaluationFacts | None, more: tuple[Change, ...] = ()
) -> Refused:
    """`before` is what `seen` said when the form was opened; `more` is what changed besides the contest itself."""
    if refusal.status != 409:
        return Refused(refusal.what, refusal.fix, refusal.status)
    names = ("State", "Result", "Open ties")
    parts = zip(names, before.split("|"), seen(contest, result).split("|"), strict=False)
    changes = (*more, *(Change(name, old, new) for name, old, new in parts if old and old != new))
    newest = timeline("contest", contest.code, size=1)
    if not changes or not newest:
        return Refused(refusal.what, refusal.fix, 409, changes)
    return Refused(refusal.what, refusal.fix, 409, changes, newest[0].actor_name, newest[0].at)
