"""What the database last said of something, read again apart: one that hangs stops nobody who asks."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from threading import Thread
from typing import Generic, TypeVar

import structlog
from sqlalchemy.exc import SQLAlchemyError

log = structlog.get_logger(__name__)
Value = TypeVar("Value")


class Kept(Generic[Value]):
    """To be called by one thread. `context` is entered by the other one, which reads."""

    def __init__(self, read: Callable[[], Value], context: Callable[[], AbstractContextManager[object]]) -> None:
        self._read, self._context = read, context
        self._found: list[Value] = []
        self._reader: Thread | None = None

    def __call__(self) -> Value:
        """What was read last, and begins to read anew. Waits for the first value alone, and raises what that raises."""
        if not self._found:
            self._found = [self._read()]
        elif self._reader is None or not self._reader.is_alive():
            self._reader = Thread(target=self._read_again, name="kept", daemon=True)
            self._reader.start()
        return self._found[0]

    def _read_again(self) -> None:
        try:
            with self._context():
                self._found = [self._read()]
        except SQLAlchemyError as error:
            log.info("kept what was known", problem=type(error).__name__)
