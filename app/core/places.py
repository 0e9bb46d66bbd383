"""How many sockets an account has open, counted across all web processes; in each alone while Valkey is away."""

from collections import defaultdict

from redis import Redis
from redis.exceptions import RedisError

LIFE_S = 20
TAKE = """
local now = tonumber(redis.call('TIME')[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
redis.call('ZADD', KEYS[1], now + ARGV[3], ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1
"""
KEEP = """
local till = tonumber(redis.call('TIME')[1]) + ARGV[1]
for index = 2, #ARGV do redis.call('ZADD', KEYS[1], till, ARGV[index]) end
redis.call('EXPIRE', KEYS[1], ARGV[1])
"""


class Places:
    """At most so many for each account. A place that nobody keeps is free again after `LIFE_S`: its process died."""

    def __init__(self, valkey: Redis, most: int) -> None:
        self._valkey = valkey
        self._most = most
        self._taken: defaultdict[int, set[str]] = defaultdict(set)

    def take(self, account_id: int, place: str) -> bool:
        mine = self._taken[account_id]
        if len(mine) >= self._most or not self._is_free(account_id, place):
            return False
        mine.add(place)
        return True

    def _is_free(self, account_id: int, place: str) -> bool:
        try:
            return bool(self._valkey.eval(TAKE, 1, _key(account_id), place, self._most, LIFE_S))
        except RedisError:
            return True  # the count of this process holds

    def give_back(self, account_id: int, place: str) -> None:
        mine = self._taken[account_id]
        mine.discard(place)
        if not mine:
            del self._taken[account_id]
        try:
            self._valkey.zrem(_key(account_id), place)
        except RedisError:
            return  # it frees itself

    def keep(self) -> None:
        """Says that the places taken here still are; to be called more often than `LIFE_S`."""
        pipe = self._valkey.pipeline(transaction=False)
        for account_id, places in list(self._taken.items()):
            if places:
                pipe.eval(KEEP, 1, _key(account_id), LIFE_S, *places)
        pipe.execute()


def _key(account_id: int) -> str:
    return f"sockets:{account_id}"
