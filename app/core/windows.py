"""Exact moving windows for many askers in one round trip: at most so many in any so many seconds, across processes.

Where Valkey is away, each process counts what it let through itself.
"""

import math
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from redis import Redis
from redis.exceptions import RedisError

LARGEST_CROWD = 50_000
TAKE = """
local time = redis.call('TIME')
local now, waits, at = time[1] * 1000 + math.floor(time[2] / 1000), {}, 1
for index = 1, tonumber(ARGV[2]) do
  local count, wait, first = tonumber(ARGV[at + 2]), 0, at + 3
  for rule = 0, count - 1 do
    local key = ARGV[first + rule * 3]
    local most, span = tonumber(ARGV[first + rule * 3 + 1]), tonumber(ARGV[first + rule * 3 + 2])
    redis.call('ZREMRANGEBYSCORE', key, '-inf', now - span)
    if redis.call('ZCARD', key) >= most then
      local oldest = redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')
      wait = math.max(wait, tonumber(oldest[2]) + span - now, 1)
    end
  end
  if wait == 0 then
    for rule = 0, count - 1 do
      local key, span = ARGV[first + rule * 3], tonumber(ARGV[first + rule * 3 + 2])
      redis.call('ZADD', key, now, ARGV[1] .. index)
      redis.call('PEXPIRE', key, span)
    end
  end
  waits[index] = wait
  at = at + 1 + count * 3
end
return waits
"""


@dataclass(frozen=True)
class Rule:
    """At most `most` under this key in any `seconds`."""

    key: str
    most: int
    seconds: int


class Windows:
    def __init__(self, valkey: Redis) -> None:
        self._valkey = valkey
        self._own: dict[str, deque[float]] = {}

    def waits_s(self, asked: Sequence[Sequence[Rule]]) -> list[int]:
        """For each asker, counted in this order: 0 when all its rules let it through, else the seconds until they may.

        Who is refused is not counted.
        """
        own = [self.wait_here_s(rules) for rules in asked]
        free = [rules for rules, wait in zip(asked, own, strict=True) if not wait]
        found = self._shared(free)
        for rules, wait in zip(free, found, strict=True):
            if wait:
                self._take_back(rules)
        shared = iter(found)
        return [wait or next(shared) for wait in own]

    def _shared(self, asked: Sequence[Sequence[Rule]]) -> list[int]:
        if not asked:
            return []
        told: list[Any] = [f"{uuid4().hex}:", len(asked)]
        for rules in asked:
            told.append(len(rules))
            for rule in rules:
                told += [rule.key, rule.most, rule.seconds * 1000]
        try:
            found: Any = self._valkey.eval(TAKE, 0, *told)
        except RedisError:
            return [0] * len(asked)  # what this process counted holds
        return [math.ceil(int(wait) / 1000) for wait in found]

    def wait_here_s(self, rules: Sequence[Rule]) -> int:
        """The same for one asker, by what this process alone counted."""
        now = time.monotonic()
        windows = [(self._window(rule.key), rule) for rule in rules]
        wait = 0.0
        for window, rule in windows:
            while window and window[0] <= now - rule.seconds:
                window.popleft()
            if len(window) >= rule.most:
                wait = max(wait, window[0] + rule.seconds - now)
        if not wait:
            for window, _ in windows:
                window.append(now)
        return math.ceil(wait)

    def _take_back(self, rules: Sequence[Rule]) -> None:
        """What was counted here of somebody whom all processes together refused."""
        for rule in rules:
            window = self._window(rule.key)
            if window:
                window.pop()

    def _window(self, key: str) -> deque[float]:
        if key not in self._own and len(self._own) >= LARGEST_CROWD:
            self._own.clear()  # forgets everybody rather than grow: who floods is slowed again at once
        return self._own.setdefault(key, deque())
