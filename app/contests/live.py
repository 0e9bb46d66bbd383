"""Who looks at a contest now: every open page says so again and again, and who falls silent is forgotten."""

import time
from collections.abc import Mapping
from typing import Any

import structlog
from redis.exceptions import RedisError

from app.contests.queries.contest import contest_by_code
from app.core.errors import Refusal
from app.core.events import Asking, event
from app.core.extensions import valkey
from app.staff.queries import account_of

log = structlog.get_logger(__name__)
HERE_S = 15
SHOWN = 20


@event("here", allow="contests:contest:read", rate="2 per second")
def here(asking: Asking, facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """The page of a contest is open; the answer names who else looks at it."""
    contest, account = contest_by_code(str(facts.get("code"))), account_of(asking.viewer.account_id)
    if contest is None or account is None:
        raise Refusal("There is no such contest.", "Open it from the list of contests.")
    me = f"{account.id}:{account.display_name}"
    try:
        told = _told(f"here:{contest.id}", me, int(time.time()))
    except RedisError as error:
        log.info("presence unknown", problem=type(error).__name__)
        raise Refusal("Who else is here is not known now.", "It comes back by itself.") from error
    return {"others": sorted(one.partition(":")[2] for one in told if one != me)[:SHOWN]}


def _told(key: str, me: str, now: int) -> list[str]:
    with valkey().pipeline() as asked:
        asked.zadd(key, {me: now})
        asked.zremrangebyscore(key, "-inf", now - HERE_S)
        asked.expire(key, HERE_S)
        asked.zrange(key, 0, -1)
        found: list[Any] = asked.execute()[-1]
    return [one.decode() if isinstance(one, bytes) else str(one) for one in found]
