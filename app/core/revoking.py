"""A sign-in or a link that ends takes its sockets with it, in every process, within a second and without Valkey."""

from collections.abc import Callable, Collection, Mapping

import psycopg
import structlog
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.core.admission import ACCOUNT, Viewer, in_time
from app.core.database import connector
from app.core.extensions import db, sockets

log = structlog.get_logger(__name__)
CHANNEL = "ended_passes"
SWEEP_S = 5.0
AGAIN_S = 0.5
CHECKS = "live_passes"
"""Key in `app.extensions`: of each kind of viewer, the function that says which of some passes still count."""

Check = Callable[[Collection[int]], set[int]]
Viewers = Callable[[], Mapping[str, Viewer]]
Close = Callable[[str, str], None]


def announce(owner_id: int, kind: str = ACCOUNT) -> None:
    """Joins the caller's transaction: once it commits, every web process looks at the sockets of the owner."""
    told = {"channel": CHANNEL, "owner": f"{kind}:{owner_id}"}
    db.session.execute(text("SELECT pg_notify(:channel, :owner)"), told)


def checks(app: Flask) -> dict[str, Check]:
    """By kind of viewer; a domain adds its own."""
    found: dict[str, Check] = app.extensions.setdefault(CHECKS, {})
    return found


def listen(app: Flask, viewers: Viewers, close: Close) -> None:
    """Runs for ever: looks at an owner's sockets when told to, and at all of them every few seconds."""
    connect = connector(app.config["SETTINGS"])
    while True:
        try:
            with connect() as connection:
                connection.autocommit = True
                connection.execute(f"LISTEN {CHANNEL}")
                sweep(app, viewers(), close)  # what was announced while nobody listened
                while True:
                    told = list(connection.notifies(timeout=SWEEP_S, stop_after=1))
                    owners = {note.payload for note in told}
                    sweep(app, of_owners(viewers(), owners) if told else viewers(), close)
        except (psycopg.Error, SQLAlchemyError, TimeoutError) as error:
            log.warning("ended sign-ins are not heard of", problem=type(error).__name__, again_in_s=AGAIN_S)
        sockets.sleep(AGAIN_S)


def of_owners(viewers: Mapping[str, Viewer], owners: set[str]) -> dict[str, Viewer]:
    return {peer: viewer for peer, viewer in viewers.items() if viewer.owner in owners}


def sweep(app: Flask, viewers: Mapping[str, Viewer], close: Close) -> None:
    """Closes the sockets among these whose sign-in or link no longer counts."""
    live = {
        (kind, pass_id) for kind in {viewer.kind for viewer in viewers.values()}
        for pass_id in _live(app, kind, {viewer.pass_id for viewer in viewers.values() if viewer.kind == kind})
    }  # fmt: skip
    for peer, viewer in viewers.items():
        if (viewer.kind, viewer.pass_id) not in live:
            log.info("socket closed", why="ended", owner=viewer.owner)
            close(peer, "ended")


def _live(app: Flask, kind: str, passes: set[int]) -> set[int]:
    check = checks(app)[kind]
    with app.app_context():
        return in_time(lambda: check(passes))
