"""How many sockets an account or a screen has open, across all web processes; in each alone while Valkey is away."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from redis import Redis
from redis.exceptions import RedisError

LIFE_S = 20
TAKE = """
local now, taken = tonumber(redis.call('TIME')[1]), {}
for index, key in ipairs(KEYS) do
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now)
  taken[index] = redis.call('ZCARD', key) < tonumber(ARGV[1]) and 1 or 0
  if taken[index] == 1 then
    redis.call('ZADD', key, now + ARGV[2], ARGV[index + 2])
    redis.call('EXPIRE', key, ARGV[2])
  end
end
return taken
"""
KEEP = """
local till = tonumber(redis.call('TIME')[1]) + ARGV[1]
for index = 2, #ARGV do redis.call('ZADD', KEYS[1], till, ARGV[index]) end
redis.call('EXPIRE', KEYS[1], ARGV[1])
"""


class Places:
    """At most so many for each owner. A place that nobody keeps is free again after `LIFE_S`: its process died."""

    def __init__(self, valkey: Redis, most: int) -> None:
        self._valkey = valkey
        self._most = most
        self._taken: defaultdict[str, set[str]] = defaultdict(set)

    def take(self, wanted: Sequence[tuple[str, str]]) -> list[bool]:
        """A place for each of these owners, under the name given; whether there was one."""
        free = self._free(wanted)
        return [self._take(*one, is_free) for one, is_free in zip(wanted, free, strict=True)]

    def _take(self, owner: str, place: str, is_free: bool) -> bool:
        mine = self._taken[owner]
        if len(mine) >= self._most or not is_free:
            return False
        mine.add(place)
        return True

    def _free(self, wanted: Sequence[tuple[str, str]]) -> list[bool]:
        keys, names = [_key(owner) for owner, _ in wanted], [place for _, place in wanted]
        if not wanted:
            return []
        try:
            found: Any = self._valkey.eval(TAKE, len(keys), *keys, self._most, LIFE_S, *names)
        except RedisError:
            return [True] * len(wanted)  # the count of this process holds
        return [bool(one) for one in found]

    def give_back(self, owner: str, place: str) -> None:
        mine = self._taken[owner]
        mine.discard(place)
        if not mine:
            self._taken.pop(owner)
        try:
            self._valkey.zrem(_key(owner), place)
        except RedisError:
            return  # it frees itself

    def keep(self) -> None:
        """Says that the places taken here still are; to be called more often than `LIFE_S`."""
        pipe = self._valkey.pipeline(transaction=False)
        for owner, places in list(self._taken.items()):
            if places:
                pipe.eval(KEEP, 1, _key(owner), LIFE_S, *places)
        pipe.execute()


def _key(owner: str) -> str:
    return f"sockets:{owner}"
