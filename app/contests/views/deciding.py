"""Carrying out a command for a page: 422 keeps the form, 409 says what changed, a second click never acts twice."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from app.audit.queries import timeline
from app.contests.queries.contest import ContestFacts, EvaluationFacts
from app.core.errors import Refusal
from app.core.extensions import db

Done = TypeVar("Done")


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


def attempt(command: Callable[[], Done]) -> Done | Refusal:
    """The command's result or its refusal; what a refused one had begun is undone."""
    try:
        return command()
    except Refusal as refusal:
        db.session.rollback()
        if refusal.status not in {409, 422}:
            raise
        return refusal


def seen(contest: ContestFacts, result: EvaluationFacts | None) -> str:
    """What a form remembers of the page it stood on."""
    version = f"v{result.version}" if result else "none"
    ties = str(result.open_ties) if result else "0"
    return "|".join((contest.state.replace("_", " "), version, ties))


def refused(refusal: Refusal, before: str, contest: ContestFacts, result: EvaluationFacts | None) -> Refused:
    """`before` is what `seen` said when the form was opened."""
    if refusal.status != 409:
        return Refused(refusal.what, refusal.fix, refusal.status)
    names = ("State", "Result", "Open ties")
    parts = zip(names, before.split("|"), seen(contest, result).split("|"), strict=False)
    changes = tuple(Change(name, old, new) for name, old, new in parts if old != new)
    newest = timeline("contest", contest.code, size=1)
    if not changes or not newest:
        return Refused(refusal.what, refusal.fix, 409, changes)
    return Refused(refusal.what, refusal.fix, 409, changes, newest[0].actor_name, newest[0].at)
