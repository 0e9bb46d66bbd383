"""Turns: who is limited takes one for each request, and in any window of the length named gets no more than so many.

Flask-Limiter asks this storage. Turns of sign-in and money are counted in PostgreSQL; all others in Valkey, and in
PostgreSQL while Valkey is away or has not known the whole window. All processes of all machines share both.
"""

import time
from collections.abc import Callable
from threading import Thread
from typing import Any, TypeVar

import structlog
from flask import Flask, current_app, g
from limits.storage import MovingWindowSupport, Storage
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from app.core.green import is_green
from app.core.turns import in_database, in_valkey
from app.core.turns.doubts import Doubts
from app.core.turns.memory import Memory
from app.core.turns.window import Taken, Window

log = structlog.get_logger(__name__)
SCHEME = "turns"
SURE = "sure:"
"""Begins the name of a client whose turns are counted in PostgreSQL alone."""
SHORTEST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 8.0
TOLD_EVERY_S = 0.2
"""How often each process tells the database what Valkey gave there, and reads who goes without Valkey."""

Answer = TypeVar("Answer")


class WindowsOnly(TypeError):
    """Somebody wants another strategy than moving windows."""


class Turns(Storage, MovingWindowSupport):
    """One for each process."""

    STORAGE_SCHEME = [SCHEME]  # noqa: RUF012 (as Storage has it)

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **_options: float | str | bool) -> None:
        super().__init__(uri, wrap_exceptions)
        self.memory = Memory()
        self.doubts = Doubts()
        self._teller: Thread | None = None
        self._away_until = 0.0
        self._pause_s = SHORTEST_PAUSE_S

    @property
    def base_exceptions(self) -> tuple[type[Exception], ...]:
        return RedisError, SQLAlchemyError

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:  # noqa: ARG002 (as Storage has it)
        """Takes a turn if one is left; `amount` is always one here."""
        window = Window(key, limit, expiry)
        taken = in_database.take(window) if SURE in key else self._take(window)
        g.setdefault("turns", {})[key] = taken, time.time()
        return taken.is_allowed

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:  # noqa: ARG002 (as Storage has it)
        """When the oldest turn that counts was taken, and how many count: as the request itself found."""
        taken, found_at = g.get("turns", {}).get(key) or (Taken(True, 0, 0.0), time.time())
        return found_at - taken.oldest_age_s, taken.count

    def _take(self, window: Window) -> Taken:
        self._keep_up()
        self.doubts.look_if_old()
        state, is_any = self.doubts.state, self.doubts.is_any
        taken = self._with_valkey(lambda valkey: in_valkey.take(valkey, window, knows_all=not is_any))
        if taken is None:
            return self._take_without_valkey(window)
        self.doubts.clear(state)
        self.doubts.look_if_old()  # Valkey may have been slow
        if taken.is_sure and not self.doubts.is_any:
            if taken.is_allowed:
                self.memory.note(window)
            return taken
        # Valkey is new or was away, for us or for others, and may not know of turns that were taken meanwhile.
        try:
            taken = self._take_in_database(window)
        except SQLAlchemyError as error:
            log.warning("turns are counted by a Valkey that may not know all", problem=type(error).__name__)
        if taken.is_allowed:
            self._with_valkey(lambda valkey: in_valkey.note(valkey, window))
        return taken

    def _take_without_valkey(self, window: Window) -> Taken:
        self.doubts.announce()
        taken = self._take_in_database(window)
        if taken.is_allowed and not self.doubts.is_away:  # Valkey came back meanwhile
            self._with_valkey(lambda valkey: in_valkey.note(valkey, window))
        return taken

    def _take_in_database(self, window: Window) -> Taken:
        self.memory.tell()
        return in_database.take(window)

    def _with_valkey(self, work: "Callable[[in_valkey.Valkey], Answer]") -> Answer | None:
        """None while Valkey is away. One request waits for one that hangs; the next ones do not, for a while."""
        if time.monotonic() < self._away_until:
            return None
        try:
            answer = work(current_app.extensions["valkey"])
        except RedisError as error:
            log.warning("turns are counted in the database", problem=type(error).__name__, again_in_s=self._pause_s)
            self.doubts.raise_one()
            self._away_until = time.monotonic() + self._pause_s
            self._pause_s = min(LONGEST_PAUSE_S, self._pause_s * 2)
            return None
        self._pause_s = SHORTEST_PAUSE_S
        return answer

    def _keep_up(self) -> None:
        if self._teller is None and is_green():
            app = current_app._get_current_object()  # type: ignore[attr-defined]  # a proxy's own way
            self._teller = Thread(target=self._exchange_on, args=(app,), name="turns", daemon=True)
            self._teller.start()

    def _exchange_on(self, app: Flask) -> None:
        while True:
            time.sleep(TOLD_EVERY_S)
            try:
                with app.app_context():
                    self.exchange()
            except SQLAlchemyError as error:
                log.info("turns are told later", problem=type(error).__name__)

    def exchange(self) -> None:
        """Reads who goes without Valkey, tells what Valkey gave here, and says again while we go without it."""
        self.doubts.look()
        self.memory.tell()
        if not self.doubts.is_away:
            return
        state = self.doubts.state
        in_database.announce()
        if self._with_valkey(in_valkey.forget_since) is not None:
            self.doubts.clear(state)

    def check(self) -> bool:
        return True

    def refuse(self, *_words: Any, **_more: Any) -> Any:
        """What storages of other strategies are asked: turns know moving windows, and pass by themselves."""
        raise WindowsOnly

    incr = get = get_expiry = reset = clear = refuse
