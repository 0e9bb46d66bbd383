"""Which submissions somebody has opened lately, and in which version. What is forgotten was not opened."""

from collections.abc import Iterable, Mapping
from typing import Any

import structlog
from redis.exceptions import RedisError

from app.core.extensions import settings, valkey
from app.whitelist.rules.kept import opened_key

log = structlog.get_logger(__name__)
KEPT_S = 12 * 3600


def note_opened(account_id: str, submission_id: int, version: int) -> None:
    key = opened_key(settings().database_url, account_id)
    try:
        with valkey().pipeline() as writing:
            writing.hset(key, str(submission_id), str(version))
            writing.expire(key, KEPT_S)
            writing.execute()
    except RedisError as error:
        log.info("nobody will know that it was opened", problem=type(error).__name__)


def opened(account_id: str, submission_ids: Iterable[int]) -> Mapping[int, int]:
    """The versions seen, by submission."""
    numbers = list(submission_ids)
    if not numbers:
        return {}
    try:
        told: Any = valkey().hmget(opened_key(settings().database_url, account_id), list(map(str, numbers)))
    except RedisError as error:
        log.info("nothing counts as opened", problem=type(error).__name__)
        return {}
    return {number: int(version) for number, version in zip(numbers, told, strict=True) if version is not None}
