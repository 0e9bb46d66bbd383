"""One engine leads; any number stand by. Who leads holds a lock of PostgreSQL by a connection of its own.

The lock lives as long as the connection: whoever loses it, by whatever cause, leads no more. A server that hangs loses
nobody a lock, and gives it to nobody else either.
"""

from collections.abc import Callable
from threading import Event, Thread
from typing import Any

import psycopg
import structlog

from app.core.database import connector
from app.core.extensions import settings

LOCK = int.from_bytes(b"market")
BEAT_MS, POLL_MS = 250, 400
# Of the server's side: it finds out within three seconds that the machine of a leader is gone.
KEEPALIVE = "SET tcp_keepalives_idle = 1; SET tcp_keepalives_interval = 1; SET tcp_keepalives_count = 2"

log = structlog.get_logger(__name__)
Connection = psycopg.Connection[Any]


class Leadership:
    """`lost` is set the moment the connection breaks. Each leadership has an epoch of its own, later ones higher."""

    def __init__(self, connection: Connection, epoch: int) -> None:
        self.epoch = epoch
        self.lost = Event()
        self._ended = Event()
        self._connection = connection
        self._heart = Thread(target=self._beat, name="leader", daemon=True)
        self._heart.start()

    def _beat(self) -> None:
        while not self._ended.wait(BEAT_MS / 1000):
            try:
                self._connection.execute("SELECT 1")
            except psycopg.Error as error:
                if self._connection.closed:
                    log.warning("leadership lost", epoch=self.epoch, problem=str(error).strip())
                    self.lost.set()
                    return

    def end(self) -> None:
        """Gives the lock back at once, also while the server hangs: the connection is cut, not asked."""
        self._ended.set()
        self._connection.close()


def wait_to_lead(stop: Event) -> Leadership | None:
    """Stands by until the lock is ours; None when told to stop first."""
    connect = connector(settings())
    connection: Connection | None = None
    troubled = False
    while not stop.is_set():
        try:
            connection = connection or _opened(connect)
            if _locked(connection):
                return Leadership(connection, _next_epoch(connection))
            troubled = False
        except psycopg.Error as error:
            if not troubled:
                log.warning("cannot ask to lead", problem=str(error).strip())
            troubled = True
            if connection is not None:
                connection.close()
            connection = None
        stop.wait(POLL_MS / 1000)
    if connection is not None:
        connection.close()
    return None


def _opened(connect: Callable[[], Connection]) -> Connection:
    connection = connect()
    connection.autocommit = True
    connection.execute(KEEPALIVE)
    return connection


def _locked(connection: Connection) -> bool:
    row = connection.execute("SELECT pg_try_advisory_lock(%s)", (LOCK,)).fetchone()
    return row is not None and bool(row[0])


def _next_epoch(connection: Connection) -> int:
    row = connection.execute("SELECT nextval('market_epochs')").fetchone()
    if row is None:
        raise psycopg.OperationalError("market_epochs gave no number")
    return int(row[0])
