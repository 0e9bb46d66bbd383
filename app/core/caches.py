"""The caches there are: how much they hold, how old it is, how often it was enough; and emptying one."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import structlog
from redis.exceptions import RedisError

from app.core.extensions import valkey
from app.core.metrics import total_of

log = structlog.get_logger(__name__)
MOST_KEYS = 10_000
LOOKED_AT = 100


@dataclass(frozen=True)
class Cache:
    """`pattern` gives the keys of all it holds; `counter` is the metric that counts by `origin`, cache or database."""

    name: str
    label: str
    ttl_ms: int
    pattern: Callable[[], str]
    counter: str


@dataclass(frozen=True)
class CacheState:
    """`keys` is None while Valkey does not answer; the oldest of a sample is `oldest_ms` old."""

    cache: Cache
    keys: int | None
    oldest_ms: int | None
    hits: int
    misses: int

    @property
    def hit_bps(self) -> int | None:
        asked = self.hits + self.misses
        return self.hits * 10_000 // asked if asked else None


def cache_state(cache: Cache) -> CacheState:
    hits, misses = (int(total_of(cache.counter, origin=origin)) for origin in ("cache", "database"))
    try:
        keys = list(islice(_keys(cache), MOST_KEYS))
        left = _lives_ms(keys[:LOOKED_AT])
    except RedisError as error:
        log.info("cache not looked at", cache=cache.name, problem=type(error).__name__)
        return CacheState(cache, None, None, hits, misses)
    ages = [cache.ttl_ms - one for one in left if one > 0]
    return CacheState(cache, len(keys), max(ages, default=None), hits, misses)


def purge(cache: Cache) -> int:
    """How many keys went. A RedisError rises: what was not emptied is not called empty."""
    gone = 0
    for key in _keys(cache):
        removed: Any = valkey().unlink(key)
        gone += int(removed)
    return gone


def _keys(cache: Cache) -> Iterable[Any]:
    return valkey().scan_iter(match=cache.pattern(), count=1000)


def _lives_ms(keys: Sequence[Any]) -> Sequence[int]:
    """How long each key has left, asked in one round trip."""
    with valkey().pipeline(transaction=False) as pipe:
        for key in keys:
            pipe.pttl(key)
        return [int(left) for left in pipe.execute()]
