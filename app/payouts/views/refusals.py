"""A command that was refused, told on its page: 422 keeps the form, 409 says what changed meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.audit.queries import timeline
from app.core.access import can, roles_with
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


def refused(refusal: Refusal, names: Sequence[str], before: str, now: str, *, about: tuple[str, str | int]) -> Refused:
    """`before` and `now` are values by those names, parted by |; `about` is the object whose log says who did it."""
    if refusal.status != 409:
        return Refused(refusal.what, refusal.fix, refusal.status)
    parts = zip(names, before.split("|"), now.split("|"), strict=False)
    changes = tuple(Change(name, old, new) for name, old, new in parts if old != new)
    newest = timeline(*about, size=1) if changes else []
    if not newest:
        return Refused(refusal.what, refusal.fix, 409, changes)
    return Refused(refusal.what, refusal.fix, 409, changes, newest[0].actor_name, newest[0].at)


def why_not(permission: str) -> str:
    """Why a button is off for who looks; empty when it is not."""
    return "" if can(permission) else f"Only {' and '.join(roles_with(permission))}s can do this."
