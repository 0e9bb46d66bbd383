"""Who has something open now. Open pages say so again and again; who falls silent is forgotten."""

import time
from typing import Any

import structlog
from redis.exceptions import RedisError

from app.core.errors import Refusal
from app.core.extensions import valkey

log = structlog.get_logger(__name__)
HERE_S = 15
SHOWN = 20


def others_at(key: str, account_id: int, name: str) -> list[str]:
    """Notes that this person looks at it, and names the others who do."""
    me = f"{account_id}:{name}"
    try:
        told = _told(key, me, int(time.time()))
    except RedisError as error:
        log.info("presence unknown", problem=type(error).__name__)
        raise Refusal("Who else is here is not known now.", "It comes back by itself.") from error
    return sorted(one.partition(":")[2] for one in told if one != me)[:SHOWN]


def _told(key: str, me: str, now: int) -> list[str]:
    with valkey().pipeline() as asked:
        asked.zadd(key, {me: now})
        asked.zremrangebyscore(key, "-inf", now - HERE_S)
        asked.expire(key, HERE_S)
        asked.zrange(key, 0, -1)
        found: list[Any] = asked.execute()[-1]
    return [one.decode() if isinstance(one, bytes) else str(one) for one in found]
