"""Which answers about tokens still count. Every change raises the number in its own transaction; kept answers name the
number they were read under, so that one raise makes all of them old, in every process."""

import structlog
from redis.exceptions import RedisError
from sqlalchemy import BigInteger, cast, func, select, update

from app.core.extensions import db, settings, valkey
from app.whitelist.models import WhitelistGeneration
from app.whitelist.rules.kept import generation_key

log = structlog.get_logger(__name__)
NEXT = func.greatest(
    WhitelistGeneration.generation + 1, cast(func.extract("epoch", func.clock_timestamp()) * 1_000_000, BigInteger)
)
"""Never a number that was given before, not even after a backup was restored: the time is in it."""
RAISE = """
local now = tonumber(redis.call('GET', KEYS[1]) or '-1')
if tonumber(ARGV[1]) > now then redis.call('SET', KEYS[1], ARGV[1]) end
return redis.call('GET', KEYS[1])
"""


def raise_generation() -> int:
    """Part of a change; the caller commits, and tells it then."""
    raised = update(WhitelistGeneration).values(generation=NEXT)
    return db.session.execute(raised.returning(WhitelistGeneration.generation)).scalar_one()


def tell_generation(generation: int) -> None:
    """Never backwards. What cannot be told now the worker tells as soon as it can."""
    try:
        valkey().eval(RAISE, 1, generation_key(settings().database_url), str(generation))
    except RedisError as error:
        log.warning("kept answers may be old for a moment", problem=type(error).__name__)


def tell_again() -> None:
    """For a cache that was away, or lost what it knew, while something changed."""
    generation = db.session.execute(select(WhitelistGeneration.generation)).scalar_one()
    db.session.rollback()
    tell_generation(generation)
