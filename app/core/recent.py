"""Values that are asked for with every request and change rarely: read again after a second, kept while their source
is away. What cannot be read cannot have been changed by anybody either, so the last value stays right for a while."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, TypeVar, cast

import structlog
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from app.core.green import is_green

log = structlog.get_logger(__name__)
Value = TypeVar("Value")

FRESH_S = 1
USABLE_S = 600
PATIENCE_S = 0.5


@dataclass
class _Slot:
    lock: Any = field(default_factory=Lock)
    value: Any = None
    read_at: int = 0
    tried_at: int = 0


class _TooSlow(SQLAlchemyError):
    """The database took longer than anybody should wait for a value that is known already."""


def recent(name: str, read: Callable[[], Value], *, fresh_s: float = FRESH_S) -> Value:
    """What `read` gave at most `fresh_s` ago in this process, or up to ten minutes ago when it raises or hangs now.

    While one reads, the others get the last value. Without a usable value the error of `read` rises.
    """
    slot: _Slot = current_app.extensions.setdefault("recent", {}).setdefault(name, _Slot())
    if _age_s(slot.tried_at) < fresh_s and slot.read_at:
        return cast(Value, slot.value)
    usable = bool(slot.read_at) and _age_s(slot.read_at) < USABLE_S
    if not slot.lock.acquire(blocking=not usable):
        return cast(Value, slot.value)
    try:
        slot.tried_at = time.monotonic_ns()
        with _bounded(usable):
            slot.value = read()
        slot.read_at = slot.tried_at
    except SQLAlchemyError as error:
        if not usable:
            raise
        log.warning("kept what was known", value=name, problem=type(error).__name__)
    finally:
        slot.lock.release()
    return cast(Value, slot.value)


def _age_s(moment_ns: int) -> float:
    return (time.monotonic_ns() - moment_ns) / 1e9


@contextmanager
def _bounded(usable: bool) -> Iterator[None]:
    """Cuts a hanging read short when there is something to fall back on."""
    if not (usable and is_green()):
        yield
        return
    import gevent

    deadline = gevent.Timeout.start_new(PATIENCE_S)
    try:
        yield
    except gevent.Timeout as late:
        if late is not deadline:
            raise
        raise _TooSlow from late
    finally:
        deadline.close()
