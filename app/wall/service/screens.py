"""Adding, changing and revoking screens. A link is shown once; only its hash is kept."""

import secrets
from dataclasses import dataclass

from sqlalchemy import func, select

from app.alerts.service.alerting import settle_alert
from app.audit.rules import Actor
from app.audit.service import record
from app.core import revoking
from app.core.admission import SCREEN
from app.core.clock import database_now
from app.core.errors import Refusal
from app.core.extensions import db
from app.core.keys import new_token
from app.wall.models import Screen, ScreenLink, ScreenReport
from app.wall.rules.boards import Setting
from app.wall.rules.links import link_of, secret_hash

KEY_BYTES = 32


@dataclass(frozen=True)
class Linked:
    """A new link, to be shown this once."""

    screen_id: int
    name: str
    link: str


class NoSuchScreen(Refusal):
    def __init__(self, screen_id: int) -> None:
        super().__init__(f"There is no screen {screen_id}.", "Look at the list of screens.", status=404)


def add_screen(wanted: Setting, *, by: Actor) -> Linked:
    _refuse_taken(wanted.name)
    row = Screen(**_columns(wanted), made_by=by.name)
    db.session.add(row)
    db.session.flush()
    linked = _link(row, by)
    _noted("add", row, by, before=None, after=_facts(row))
    db.session.commit()
    return linked


def change_screen(screen_id: int, wanted: Setting, *, by: Actor) -> None:
    """The screen itself takes over what changed within a few seconds."""
    row = _hold(screen_id)
    _refuse_taken(wanted.name, but=screen_id)
    before = _facts(row)
    for name, value in _columns(wanted).items():
        setattr(row, name, value)
    if _facts(row) == before:
        raise Refusal(f"{row.name} is set like this already.", "Change something, or leave it.", status=422)
    row.changed_at = database_now()
    _noted("change", row, by, before=before, after=_facts(row))
    db.session.commit()


def renew_link(screen_id: int, *, by: Actor) -> Linked:
    """Whoever shows the old link is told within a second that it was revoked."""
    row = _hold(screen_id)
    _end_link(row, by)
    linked = _link(row, by)
    _noted("renew", row, by, before=None, after={"link": "a new one"})
    db.session.commit()
    return linked


def revoke_screen(screen_id: int, *, by: Actor) -> None:
    row = _hold(screen_id)
    if not _end_link(row, by):
        raise Refusal(f"{row.name} was revoked already.", "Make it a new link to show it again.")
    _noted("revoke", row, by, before={"link": "open"}, after={"link": "revoked"})
    db.session.commit()


def fingerprint(screen_id: int) -> str:
    """Of the alert that a screen is off, frozen or lying."""
    return f"screen:{screen_id}"


def _hold(screen_id: int) -> Screen:
    wanted = select(Screen).where(Screen.id == screen_id).with_for_update().execution_options(populate_existing=True)
    row = db.session.scalars(wanted).one_or_none()
    if row is None:
        raise NoSuchScreen(screen_id)
    return row


def _refuse_taken(name: str, but: int | None = None) -> None:
    same = select(Screen.id).where(func.lower(Screen.name) == name.lower(), Screen.id.is_distinct_from(but))
    if db.session.scalars(same).one_or_none() is not None:
        raise Refusal(f"There is a screen {name} already.", "Choose another name.", status=422)


def _link(row: Screen, by: Actor) -> Linked:
    key, secret = secrets.token_bytes(KEY_BYTES), new_token()
    link = ScreenLink(screen_id=row.id, key=key, hash=secret_hash(key, secret), made_by=by.name)
    db.session.add(link)
    db.session.flush()
    return Linked(row.id, row.name, link_of(link.id, secret))


def _end_link(row: Screen, by: Actor) -> bool:
    """Whether one was open. What the screen told, and the alert about it, end with it."""
    wanted = select(ScreenLink).where(ScreenLink.screen_id == row.id, ScreenLink.ended_at.is_(None)).with_for_update()
    link = db.session.scalars(wanted).one_or_none()
    if link is None:
        return False
    link.ended_at, link.ended_by = database_now(), by.name
    db.session.flush()
    report = db.session.get(ScreenReport, row.id)
    if report is not None:
        db.session.delete(report)
    settle_alert(fingerprint(row.id), by=by, reason=f"The link of {row.name} was revoked")
    revoking.announce(row.id, SCREEN)
    return True


def _columns(wanted: Setting) -> dict[str, object]:
    return vars(wanted) | {"boards": list(wanted.boards)}


def _noted(
    verb: str, row: Screen, by: Actor, *, before: dict[str, object] | None, after: dict[str, object]
) -> None:  # fmt: skip
    record(f"wall:screen:{verb}", object_type="screen", object_id=row.id, by=by, before=before, after=after)


def _facts(row: Screen) -> dict[str, object]:
    return {
        "name": row.name, "boards": ", ".join(row.boards), "diagonal_inches": row.diagonal_inches,
        "distance_cm": row.distance_cm, "orientation": row.orientation, "theme": row.theme, "panel": row.panel,
    }  # fmt: skip
