"""What became of requests, by part of the program: counted in each process, gathered in Valkey, taken by the worker."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import structlog
from flask import Flask, Response, request
from redis.exceptions import RedisError

from app.core.extensions import valkey

log = structlog.get_logger(__name__)
FLUSH_EVERY_S = 2.0
BROKEN_FROM = 500
_PART = "_part"
UNCOUNTED = {None, "static", "assets", "health"}
TAKE = "local found = redis.call('HMGET', KEYS[1], 'ok', 'bad') redis.call('DEL', KEYS[1]) return found"


View = TypeVar("View", bound=Callable[..., Any])


def counted_as(part: str) -> Callable[[View], View]:
    """Requests for the view are counted apart from the others of its blueprint."""

    def mark(view: View) -> View:
        setattr(view, _PART, part)
        return view

    return mark


class Traffic:
    """Keeps counts for a moment, so that no request waits for Valkey alone; what a dying process kept is lost."""

    def __init__(self) -> None:
        self._kept: Counter[tuple[str, str]] = Counter()
        self._lock = threading.Lock()
        self._flushes_at = 0.0

    def count(self, part: str, status: int) -> None:
        with self._lock:
            self._kept[part, "bad" if status >= BROKEN_FROM else "ok"] += 1
            if time.monotonic() < self._flushes_at:
                return
            self._flushes_at = time.monotonic() + FLUSH_EVERY_S
            kept, self._kept = self._kept, Counter()
        try:
            with valkey().pipeline(transaction=False) as pipe:
                for (name, outcome), amount in kept.items():
                    pipe.hincrby(_key(name), outcome, amount)
                pipe.execute()
        except RedisError as error:
            log.info("requests were not counted", count=kept.total(), problem=type(error).__name__)


def taken(parts: Sequence[str]) -> tuple[int, int]:
    """How many requests of these parts were answered and how many broke, since they were last taken; each once."""
    good = bad = 0
    for part in parts:
        found: Any = valkey().eval(TAKE, 1, _key(part))
        ok, broken = found
        good, bad = good + int(ok or 0), bad + int(broken or 0)
    return good, bad


def _key(part: str) -> str:
    return f"traffic:{part}"


def register(app: Flask) -> None:
    traffic = Traffic()

    @app.after_request
    def count(response: Response) -> Response:
        blueprint, endpoint = request.blueprint, request.endpoint
        if blueprint not in UNCOUNTED and endpoint != "static":
            view = app.view_functions.get(endpoint or "")
            traffic.count(getattr(view, _PART, blueprint or ""), response.status_code)
        return response
