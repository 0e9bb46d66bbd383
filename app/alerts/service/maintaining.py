"""Announcing work and ending it early."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from app.alerts.models import MaintenanceWindow
from app.alerts.rules.services import PAUSABLE
from app.audit.rules import Actor
from app.audit.service import record
from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.extensions import db

LONGEST = timedelta(hours=24)


def announce_maintenance(
    services: Sequence[str], *, starts_at: datetime | None, minutes: int, reason: str, by: Actor
) -> int:
    """From `starts_at` on, or at once: workers leave these services alone, and their alerts are muted."""
    now = database_now()
    starts = starts_at or now
    if not services or not set(services) <= set(PAUSABLE):
        raise Refusal("Maintenance pauses at least one service.", f"Choose of {', '.join(PAUSABLE)}.", status=422)
    if starts < now - timedelta(minutes=1):
        raise Refusal("Maintenance cannot begin in the past.", "Leave the time empty to begin now.", status=422)
    if not timedelta() < timedelta(minutes=minutes) <= LONGEST:
        raise Refusal("Maintenance lasts a day at most.", "Choose a shorter time.", status=422)
    row = MaintenanceWindow(
        services=sorted(set(services)), starts_at=starts, ends_at=starts + timedelta(minutes=minutes), reason=reason,
        announced_by=by.name,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    after = {"services": ", ".join(row.services), "from": starts.isoformat(), "until": row.ends_at.isoformat()}
    record(
        "alerts:maintenance:announce", object_type="maintenance", object_id=row.id, by=by, after=after, reason=reason
    )
    db.session.commit()
    return row.id


def end_maintenance(window_id: int, *, by: Actor) -> None:
    """One that has not begun is called off."""
    wanted = select(MaintenanceWindow).where(MaintenanceWindow.id == window_id).with_for_update()
    row = db.session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    now = database_now()
    if row is None or row.ended_at is not None or row.ends_at <= now:
        raise Refusal(f"Maintenance {window_id} is over already.", "Look at what is announced now.")
    row.ended_at, row.ended_by = now, by.name
    record("alerts:maintenance:end", object_type="maintenance", object_id=window_id, by=by)
    db.session.commit()


def record_purge(cache: str, *, keys: int, by: Actor) -> None:
    """That somebody empties a cache; the view does it after this is written."""
    record("alerts:cache:purge", object_type="cache", object_id=cache, by=by, after={"keys": keys})
    db.session.commit()
