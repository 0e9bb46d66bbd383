"""A sign-in that ends takes its sockets with it, in every process, within a second and without Valkey."""

from collections.abc import Callable, Collection, Mapping

import psycopg
import structlog
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.core.admission import Viewer, in_time
from app.core.database import connector
from app.core.extensions import db, sockets

log = structlog.get_logger(__name__)
CHANNEL = "ended_sign_ins"
SWEEP_S = 5.0
AGAIN_S = 0.5
CHECK = "live_sessions"
"""Key in `app.extensions` of the function that says which of some sessions still count."""

Check = Callable[[Collection[int]], set[int]]
Viewers = Callable[[], Mapping[str, Viewer]]
Close = Callable[[str, str], None]


def announce(account_id: int) -> None:
    """Joins the caller's transaction: once it commits, every web process looks at the sockets of the account."""
    db.session.execute(text("SELECT pg_notify(:channel, :account)"), {"channel": CHANNEL, "account": str(account_id)})


def listen(app: Flask, viewers: Viewers, close: Close) -> None:
    """Runs for ever: looks at an account's sockets when told to, and at all of them every few seconds."""
    connect = connector(app.config["SETTINGS"])
    while True:
        try:
            with connect() as connection:
                connection.autocommit = True
                connection.execute(f"LISTEN {CHANNEL}")
                sweep(app, viewers(), close)  # what was announced while nobody listened
                while True:
                    told = list(connection.notifies(timeout=SWEEP_S, stop_after=1))
                    accounts = {int(note.payload) for note in told}
                    sweep(app, of_accounts(viewers(), accounts) if told else viewers(), close)
        except (psycopg.Error, SQLAlchemyError, TimeoutError) as error:
            log.warning("ended sign-ins are not heard of", problem=type(error).__name__, again_in_s=AGAIN_S)
        sockets.sleep(AGAIN_S)


def of_accounts(viewers: Mapping[str, Viewer], accounts: set[int]) -> dict[str, Viewer]:
    return {peer: viewer for peer, viewer in viewers.items() if viewer.account_id in accounts}


def sweep(app: Flask, viewers: Mapping[str, Viewer], close: Close) -> None:
    """Closes the sockets among these whose sign-in no longer counts."""
    if not viewers:
        return
    check: Check = app.extensions[CHECK]
    with app.app_context():
        live = in_time(lambda: check({viewer.session_id for viewer in viewers.values()}))
    for peer, viewer in viewers.items():
        if viewer.session_id not in live:
            log.info("socket closed", why="sign-in ended", account=viewer.account_id)
            close(peer, "sign-in ended")
