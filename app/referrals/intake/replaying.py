"""Clicks that only this disk has are brought into the database, by whoever notices that it is back."""

import threading
from collections.abc import Sequence

import structlog
from flask import Flask
from psycopg import Error as DatabaseTrouble
from sqlalchemy.exc import SQLAlchemyError

from app.core.spool import Spool
from app.referrals.rules.spooling import FILE_NAME, from_line
from app.referrals.service.clicks import record_clicks

log = structlog.get_logger(__name__)


class Replayer:
    def __init__(self, app: Flask) -> None:
        self._app = app
        self.spool = Spool(app.config["SETTINGS"].instance_path / FILE_NAME)
        self._turn = threading.Lock()

    def begin(self) -> None:
        """Beside the requests, when something waits and nobody here is at it."""
        if self.spool.is_waiting() and not self._turn.locked():
            threading.Thread(target=self.replay, name="clicks from the disk", daemon=True).start()

    def replay(self) -> int:
        """How many were brought; what cannot be yet stays."""
        if not self._turn.acquire(blocking=False):
            return 0
        try:
            with self._app.app_context():
                count = self.spool.hand_over(_take)
        except (SQLAlchemyError, DatabaseTrouble, OSError) as error:
            log.info("clicks stay on the disk", problem=type(error).__name__)
            return 0
        finally:
            self._turn.release()
        if count:
            log.info("clicks brought from the disk", count=count)
        return count


def _take(lines: Sequence[bytes]) -> None:
    clicks = [click for line in lines if (click := from_line(line)) is not None]
    if len(clicks) < len(lines):
        log.warning("lines that were never acknowledged", count=len(lines) - len(clicks))
    if clicks:
        record_clicks(clicks)
