"""Answers of others, kept for an hour with the time they were given."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog
from redis.exceptions import RedisError

from app.core.extensions import valkey

log = structlog.get_logger(__name__)
KEPT_S = 3600


@dataclass(frozen=True)
class Kept:
    """An answer in what JSON can hold, and when it was given."""

    value: Any
    at: datetime


@dataclass(frozen=True)
class Keeper:
    """Nobody is asked the same twice; with `anew` what was kept before does not count."""

    now: datetime
    anew: bool = False
    heard: dict[str, Kept] = field(default_factory=dict)

    def kept(self, key: str, ask: Callable[[], Any]) -> Kept:
        """Valkey being away costs the time of asking, nothing else."""
        if key not in self.heard:
            self.heard[key] = (None if self.anew else _read(key)) or _written(key, Kept(ask(), self.now))
        return self.heard[key]


def _read(key: str) -> Kept | None:
    try:
        told: bytes | None = valkey().get(_named(key))  # type: ignore[assignment]  # the client is not asynchronous
    except RedisError as error:
        log.info("asked without the cache", problem=type(error).__name__)
        return None
    if told is None:
        return None
    kept = json.loads(told)
    return Kept(kept["value"], datetime.fromisoformat(kept["at"]))


def _written(key: str, kept: Kept) -> Kept:
    try:
        valkey().set(_named(key), json.dumps({"value": kept.value, "at": kept.at.isoformat()}), ex=KEPT_S)
    except RedisError as error:
        log.info("kept no answer", problem=type(error).__name__)
    return kept


def _named(key: str) -> str:
    return f"whitelist:told:{key}"
