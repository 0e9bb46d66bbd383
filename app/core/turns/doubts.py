"""Whether this process may believe Valkey: not while turns were given somewhere that Valkey does not know of.

Who gives turns without Valkey announces it in the database, and waits until every process has surely read it.
"""

import time
from datetime import datetime
from threading import Lock

import structlog
from sqlalchemy.exc import SQLAlchemyError

from app.core.turns import in_database

log = structlog.get_logger(__name__)
BELIEVED_S, SETTLES_S = 0.3, 0.6
"""How old what was read may be, and how long it surely takes until all have read it and told their own turns."""
PATIENCE_S = 2.0
"""As long as a connection may take to open: the first look of a process opens one."""


class Doubts:
    def __init__(self) -> None:
        self._looking, self._announcing = Lock(), Lock()
        self._raised = self._cleared = 0
        self._read: datetime | None = None
        self._read_at = -BELIEVED_S
        self._database_answers = True
        self._away_since: float | None = None
        self._settled_at = 0.0

    @property
    def state(self) -> int:
        """Another number once there is another doubt."""
        return self._raised

    @property
    def is_any(self) -> bool:
        return self._cleared != self._raised

    @property
    def is_away(self) -> bool:
        """Whether this process itself goes without Valkey, and has said so."""
        return self._away_since is not None

    def clear(self, state: int) -> None:
        """Valkey was told of all doubts up to this one: it knows nothing from before."""
        self._cleared = max(self._cleared, state)
        self._away_since = None

    def raise_one(self) -> None:
        self._raised += 1

    def announce(self) -> None:
        """Returns once no process believes Valkey any more, and all have told the database what they gave by it."""
        with self._announcing:
            if self._away_since is None:
                in_database.announce()
                self._away_since = time.monotonic()
                self._settled_at = self._away_since + SETTLES_S
        time.sleep(max(0.0, self._settled_at - time.monotonic()))

    @property
    def _is_fresh(self) -> bool:
        """Whether what was read may be believed."""
        return time.monotonic() - self._read_at < BELIEVED_S

    def look_if_old(self) -> None:
        """Before a turn by Valkey. While the database is away nobody gives turns without Valkey either."""
        if self._is_fresh:
            return
        try:
            self.look(again=False)
        except SQLAlchemyError as error:
            self._go_without()
            log.info("Valkey is believed without the database", problem=type(error).__name__)

    def look(self, *, again: bool = True) -> None:
        """Reads what others announced, one at a time. `again` False: not if somebody else just did.

        While a look hangs, whoever came first waits for it; later ones do not.
        """
        if not self._looking.acquire(timeout=PATIENCE_S if self._database_answers else 0.0):
            self._go_without()
            return
        try:
            if not again and self._is_fresh:
                return
            began = time.monotonic()
            found = in_database.announced_at()
            if found != self._read and found is not None:
                self.raise_one()
            self._read, self._read_at, self._database_answers = found, began, True
        finally:
            self._looking.release()

    def _go_without(self) -> None:
        self._read_at, self._database_answers = time.monotonic(), False
