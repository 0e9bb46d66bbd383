"""Work of many requests done at once: while one lot is being written, the next gathers."""

import threading
import time
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")


class TooLate(Exception):
    """The work was not done in time. It may still be done afterwards."""


class _Asked(Generic[Item, Answer]):
    __slots__ = ("answer", "done", "error", "item")

    def __init__(self, item: Item) -> None:
        self.item = item
        self.done = threading.Event()
        self.answer: Answer
        self.error: Exception | None = None


class Gathering(Generic[Item, Answer]):
    """Gives whatever waits to `work`, which answers each item in order, and wakes who asked.

    One thread of its own does the work, made with the first item. Nothing is delayed to gather more: a lot is what came
    while the one before was being done.
    """

    def __init__(self, name: str, work: Callable[[Sequence[Item]], Sequence[Answer]], *, most: int = 500) -> None:
        self._name, self._work, self._most = name, work, most
        self._waiting: SimpleQueue[_Asked[Item, Answer]] = SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._busy_since: float | None = None

    def ask(self, item: Item, patience_s: float) -> Answer:
        """Raises TooLate after `patience_s`, at once when the lot before has taken that long, or what `work` raised."""
        busy_since = self._busy_since
        if busy_since is not None and time.monotonic() - busy_since > patience_s:
            raise TooLate(self._name)
        asked: _Asked[Item, Answer] = _Asked(item)
        self._waiting.put(asked)
        self._begin()
        if not asked.done.wait(patience_s):
            raise TooLate(self._name)
        if asked.error is not None:
            raise asked.error
        return asked.answer

    def _begin(self) -> None:
        if self._thread is not None:
            return
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            lot = self._lot()
            self._busy_since = time.monotonic()
            self._do(lot)
            self._busy_since = None
            for asked in lot:
                asked.done.set()

    def _lot(self) -> list[_Asked[Item, Answer]]:
        lot = [self._waiting.get()]
        try:
            while len(lot) < self._most:
                lot.append(self._waiting.get_nowait())
        except Empty:
            return lot
        return lot

    def _do(self, lot: Sequence[_Asked[Item, Any]]) -> None:
        try:
            for asked, answer in zip(lot, self._work([asked.item for asked in lot]), strict=True):
                asked.answer = answer
        except Exception as error:  # each who asked is told
            for asked in lot:
                asked.error = error
