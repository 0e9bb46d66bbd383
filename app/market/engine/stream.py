"""Valkey as the engine uses it: the stream it reads, the frames it sends, and whose clock counts."""

import time
from collections.abc import Iterator
from typing import Any

import structlog
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from app.core.extensions import settings, valkey_address
from app.market.rules import wire
from app.market.rules.frames import SNAPSHOT_LIFE_MS

AT_ONCE = 50
"""Entries read at a time."""
PATIENCE_MS = 500
CLOCK_EVERY_NS = 1_000_000_000

EntryId = str
log = structlog.get_logger(__name__)


class Overtaken(Exception):
    """Another epoch has begun: somebody else leads."""


def client() -> Redis:
    """A connection of one thread. What fails is tried again by the loop, not here: a frame that is late is void."""
    patience = PATIENCE_MS / 1000
    retry = Retry(NoBackoff(), 0)
    return Redis.from_url(
        valkey_address(settings()), socket_timeout=patience, socket_connect_timeout=patience, retry=retry
    )


class Clock:
    """Valkey's clock, which stamps what is accepted, read every second and carried on by our own in between."""

    def __init__(self) -> None:
        self._ahead_us = time.time_ns() // 1000 - time.monotonic_ns() // 1000
        self._read_ns: int | None = None

    def now_us(self) -> int:
        return time.monotonic_ns() // 1000 + self._ahead_us

    @property
    def is_due(self) -> bool:
        return self._read_ns is None or time.monotonic_ns() - self._read_ns > CLOCK_EVERY_NS

    def read(self, store: Redis) -> None:
        began = time.monotonic_ns()
        seconds, micros = store.time()
        self._read_ns = time.monotonic_ns()
        self._ahead_us = seconds * 1_000_000 + micros - (began + self._read_ns) // 2000


class Reader:
    """Reads the stream from a position on."""

    def __init__(self, store: Redis, after: EntryId) -> None:
        self._store = store
        self.after = after

    def read(self, wait_ms: int) -> list[tuple[EntryId, wire.Entry]]:
        """The next entries; waits for the first one so long, and not at all for 0."""
        found: Any = self._store.xread({wire.STREAM: self.after}, count=AT_ONCE, block=wait_ms or None)
        entries = [(entry_id.decode(), wire.decoded(fields)) for entry_id, fields in found[0][1]] if found else []
        if entries:
            self.after = entries[-1][0]
        return entries


def entries_between(store: Redis, after: EntryId, upto: EntryId) -> Iterator[tuple[EntryId, wire.Entry]]:
    """What the stream still holds after one entry, up to and including another."""
    while True:
        found: Any = store.xrange(wire.STREAM, min=f"({after}", max=upto, count=AT_ONCE)
        for entry_id, fields in found:
            after = entry_id.decode()
            yield after, wire.decoded(fields)
        if len(found) < AT_ONCE:
            return


def forget_until(store: Redis, stored: EntryId) -> None:
    """Lets the stream drop what PostgreSQL holds; whole blocks of it only, which costs next to nothing."""
    store.xtrim(wire.STREAM, minid=stored, approximate=True)


def announce(store: Redis, epoch: int) -> None:
    """Whoever led before and has not noticed yet learns from this that another epoch has begun."""
    store.set(wire.EPOCH, epoch)


def send(store: Redis, epoch: int, frame: bytes) -> None:
    """Sends a frame to everybody who listens. Raises Overtaken when another epoch was announced."""
    batch = store.pipeline(transaction=False)
    batch.get(wire.EPOCH)
    batch.publish(wire.FRAMES, frame)
    newest, _ = batch.execute()
    if newest is None:
        announce(store, epoch)
    elif int(newest) != epoch:
        raise Overtaken(f"epoch {int(newest)} has begun")


def keep(store: Redis, snapshot: bytes) -> None:
    """For a moment, for who begins to listen. Nobody who hears frames misses one for which there is no room."""
    try:
        store.set(wire.SNAPSHOT, snapshot, px=SNAPSHOT_LIFE_MS)
    except RedisError as error:
        log.info("no snapshot was left", problem=type(error).__name__)
