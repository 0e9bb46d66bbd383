"""Work that failed: tried again after a pause that doubles, given up after eight tries, and then somebody is told."""

import random
from typing import Any

from sqlalchemy import select

from app.alerts.service.alerting import note_alert, settle_alert
from app.audit.rules import Actor
from app.audit.service import record
from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.extensions import db
from app.referrals.models import QualifyingContest, Referral, Reward
from app.referrals.rules.trying import TRIES, pause

KINDS: dict[str, tuple[Any, str, str]] = {
    "referral": (Referral, "next_look_at", "id"),
    "reward": (Reward, "next_try_at", "id"),
    "contest": (QualifyingContest, "next_try_at", "contest_id"),
}
"""Table, when it is due, and key of what may fail."""


def note_failure(kind: str, number: int, problem: str) -> bool:
    """Whether it was given up. What had begun is undone already."""
    row, due, _ = _hold(kind, number)
    now = database_now()
    row.attempts, row.last_error = row.attempts + 1, problem[:500]
    setattr(row, due, now + pause(row.attempts, random.random()))  # noqa: S311 (spreads retries, keeps no secret)
    is_dead = bool(row.attempts >= TRIES)
    if is_dead:
        row.dead_at = now
        note_alert(
            _fingerprint(kind, number), severity="warning", subject=f"Referrals: {kind} {number}",
            what=f"The work on {kind} {number} was given up after {row.attempts} tries: {row.last_error}",
            next_step=f"Correct what it says, then run `flask referrals retry {kind} {number}`",
        )  # fmt: skip
    db.session.commit()
    return is_dead


def retry(kind: str, number: int, *, by: Actor) -> None:
    """Begins again with what was given up."""
    row, due, key = _hold(kind, number)
    if row.dead_at is None:
        raise Refusal(f"The {kind} {number} was not given up.", "It is tried again by itself.")
    row.dead_at, row.attempts = None, 0
    setattr(row, due, database_now())
    settle_alert(_fingerprint(kind, number), by=by, reason="It is tried again")
    record(f"referrals:{kind}:retry", object_type=kind, object_id=getattr(row, key), by=by)
    db.session.commit()


def _hold(kind: str, number: int) -> tuple[Any, str, str]:
    if kind not in KINDS:
        raise Refusal(f"There is no work of the kind {kind}.", f"It is {', '.join(KINDS)}.", status=422)
    table, due, key = KINDS[kind]
    wanted = select(table).where(getattr(table, key) == number).with_for_update()
    row = db.session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise Refusal(f"There is no {kind} {number}.", "Check the number.", status=404)
    return row, due, key


def _fingerprint(kind: str, number: int) -> str:
    return f"referral:{kind}:{number}"
