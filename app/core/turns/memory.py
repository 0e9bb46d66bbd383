"""What this process let pass by Valkey's count, until the database is told of it: Valkey may forget everything."""

import time
from collections import deque
from threading import Lock

from app.core.turns import in_database
from app.core.turns.window import Passed, Window

MOST_KEPT = 100_000


class Memory:
    def __init__(self) -> None:
        self._untold: deque[tuple[Window, float]] = deque(maxlen=MOST_KEPT)
        self._lock = Lock()

    def note(self, window: Window) -> None:
        """A turn was taken just now."""
        self._untold.append((window, time.monotonic()))

    def tell(self) -> None:
        """Tells the database all of it; what it could not be told is told next time."""
        with self._lock:
            some = [self._untold.popleft() for _ in range(len(self._untold))]
            if not some:
                return
            now = time.monotonic()
            try:
                in_database.note([Passed(window, now - moment) for window, moment in some])
            except BaseException:  # also a deadline of gevent's, which is no Exception
                self._untold.extendleft(reversed(some))
                raise
