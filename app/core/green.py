"""What differs under gevent: heavy work must leave the loop, and a request can be given a deadline."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")


def is_green() -> bool:
    """Whether this process runs on gevent's loop."""
    if "gevent.monkey" not in sys.modules:
        return False
    from gevent import monkey

    return bool(monkey.is_module_patched("threading"))


def off_loop(work: Callable[..., T], *args: Any) -> T:
    """Runs `work` on a real thread when green, so that other requests go on; else directly."""
    if not is_green():
        return work(*args)
    import gevent

    result: T = gevent.get_hub().threadpool.apply(work, args)
    return result


class Patience:
    """Lets at most `places` callers work at once; the others wait."""

    def __init__(self, places: int) -> None:
        self._places = places
        self._gate: threading.BoundedSemaphore | None = None

    @contextmanager
    def turn(self) -> Iterator[None]:
        # Made on first use: by then gevent has replaced the lock underneath, if it is going to.
        gate = self._gate = self._gate or threading.BoundedSemaphore(self._places)
        with gate:
            yield
