"""What screens tell of themselves, and the alerts that follow from it."""

from dataclasses import asdict

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from app.alerts.service.alerting import note_alert, settle_alert
from app.audit.rules import SYSTEM, Actor
from app.audit.service import record
from app.core.clock import database_now
from app.core.extensions import db
from app.wall.models import ScreenLink, ScreenReport
from app.wall.queries.screens import Watched, watched
from app.wall.rules.reports import Report
from app.wall.rules.standing import Trouble, trouble
from app.wall.service.screens import fingerprint


def note_report(screen_id: int, told: Report) -> None:
    """Keeps the newest report of a screen whose link counts."""
    is_open = ScreenLink.screen_id == screen_id, ScreenLink.ended_at.is_(None)
    if db.session.scalars(select(ScreenLink.id).where(*is_open)).one_or_none() is None:
        return
    facts = asdict(told) | {"reported_at": func.clock_timestamp()}
    wanted = insert(ScreenReport).values(screen_id=screen_id, **facts)
    db.session.execute(wanted.on_conflict_do_update(index_elements=[ScreenReport.screen_id], set_=facts))
    db.session.commit()


def note_troubles(*, by: Actor = SYSTEM) -> int:
    """Raises and resolves the alerts of screens that are off, frozen or lying; how many changed."""
    seen = [(one, trouble(one.last, one.now)) for one in watched()]
    changed = sum(_note(one, found, by) for one, found in seen if _kind(found) != one.trouble)
    db.session.commit()
    return changed


def _kind(found: Trouble | None) -> str | None:
    return found.kind if found else None


def _note(one: Watched, found: Trouble | None, by: Actor) -> bool:
    """Whether the screen was still as it was looked at: another worker, or its next report, may have been faster."""
    as_seen = (
        ScreenReport.screen_id == one.id, ScreenReport.trouble.is_not_distinct_from(one.trouble),
        ScreenReport.reported_at == one.last.reported_at,
    )  # fmt: skip
    after = {"trouble": _kind(found), "troubled_at": database_now() if found else None}
    told = update(ScreenReport).where(*as_seen).values(**after).returning(ScreenReport.screen_id)
    if db.session.scalars(told).one_or_none() is None:
        return False
    name = fingerprint(one.id)
    if found is None:
        settle_alert(name, by=by, reason=f"Screen {one.name} tells of itself again and is right")
    else:
        note_alert(
            name, severity="warning", subject=f"Screen {one.name}", what=f"Screen {one.name} {found.words}",
            next_step=found.next_step, link=f"/screens/{one.id}", by=by,
        )  # fmt: skip
    record(
        "wall:screen:judge", object_type="screen", object_id=one.id, by=by,
        before={"trouble": one.trouble}, after={"trouble": _kind(found)},
    )  # fmt: skip
    return True
