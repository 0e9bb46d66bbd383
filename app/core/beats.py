"""The heartbeat of workers: each says every few seconds, from a thread of its own, that it lives and what it does."""

import os
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from flask import Flask
from sqlalchemy import Index, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Instant
from app.core.extensions import db
from app.core.version import VERSION

log = structlog.get_logger(__name__)
BEAT_EVERY_S = 3.0
SILENT_AFTER = timedelta(seconds=30)
KEPT = timedelta(hours=1)
"""So long a worker that is gone stays listed."""


class Worker(Base):
    """A worker process as it last told of itself; one that was killed never says that it stopped."""

    __tablename__ = "workers"
    __table_args__ = (Index(None, "beat_at"),)

    name: Mapped[str] = mapped_column(primary_key=True)
    host: Mapped[str]
    version: Mapped[str]
    pid: Mapped[int]
    started_at: Mapped[datetime] = mapped_column(Instant, server_default=func.clock_timestamp())
    beat_at: Mapped[datetime] = mapped_column(Instant, server_default=func.clock_timestamp())
    step: Mapped[str | None]
    step_began_at: Mapped[datetime | None] = mapped_column(Instant)
    stopped_at: Mapped[datetime | None] = mapped_column(Instant)


@dataclass(frozen=True)
class Beat:
    """`is_silent` when it should beat and does not."""

    name: str
    pid: int
    host: str
    version: str
    started_at: datetime
    beat_at: datetime
    step: str | None
    step_began_at: datetime | None
    stopped_at: datetime | None
    is_silent: bool

    @property
    def is_beating(self) -> bool:
        return self.stopped_at is None and not self.is_silent


def beats() -> Sequence[Beat]:
    """Every worker of the last hour, the one that beat last first."""
    columns: list[Any] = [getattr(Worker, name) for name in Beat.__dataclass_fields__ if name != "is_silent"]
    columns.append(Worker.stopped_at.is_(None) & (Worker.beat_at < func.clock_timestamp() - SILENT_AFTER))
    found = select(*columns).order_by(Worker.beat_at.desc(), Worker.name)
    return [Beat(*row) for row in db.session.execute(found)]


class Pulse:
    """The heartbeat of this process. A database that does not answer is no reason to end."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._host, self._pid = socket.gethostname(), os.getpid()
        self._doing: tuple[str, float] | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat_on, name="pulse", daemon=True)
        self.name = f"{self._host}-{self._pid}-{time.time_ns() // 1_000_000}"

    def tell(self, step: str | None) -> None:
        """What the worker does from now on; None when nothing is due."""
        self._doing = (step, time.monotonic()) if step else None

    def start(self) -> None:
        self._thread.start()

    def end(self) -> None:
        self._stop.set()
        self._thread.join()
        self._try(self._stopped)

    def _beat_on(self) -> None:
        while True:
            self._try(self.beat)
            if self._stop.wait(BEAT_EVERY_S):
                return

    def _try(self, write: Callable[[], None]) -> None:
        try:
            with self._app.app_context():
                write()
        except SQLAlchemyError as error:
            log.warning("heartbeat not written", worker=self.name, problem=type(error).__name__)

    def beat(self) -> None:
        doing, now = self._doing, func.clock_timestamp()
        since = now - timedelta(seconds=time.monotonic() - doing[1]) if doing else None
        facts = {"beat_at": now, "step": doing[0] if doing else None, "step_began_at": since}
        mine = {"name": self.name, "host": self._host, "pid": self._pid, "version": VERSION}
        wanted = insert(Worker).values(**mine, **facts)
        with db.engine.begin() as connection:
            connection.execute(wanted.on_conflict_do_update(index_elements=[Worker.name], set_=facts))
            connection.execute(delete(Worker).where(Worker.beat_at < now - KEPT))

    def _stopped(self) -> None:
        gone = {"stopped_at": func.clock_timestamp(), "step": None, "step_began_at": None}
        with db.engine.begin() as connection:
            connection.execute(update(Worker).where(Worker.name == self.name).values(**gone))
