"""Turns in Valkey: one list of moments for each window, newest first, moved and read by one script."""

from typing import Any, TypeAlias

from redis import Redis

from app.core.turns.window import Taken, Window

Valkey: TypeAlias = Redis
KNOWS_SINCE = "turns:since"
"""From when on this Valkey knows all turns; it is new after a restart, and set anew after an outage."""

SCRIPT = """
local moments, most, length, knows_all, take = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2]) * 1e6, ARGV[3], ARGV[4]
local clock = redis.call('TIME')
local now = clock[1] * 1e6 + clock[2]
local since = tonumber(redis.call('GET', KEYS[2]))
if not since or knows_all == '0' then
  since = now
  redis.call('SET', KEYS[2], string.format('%.0f', now))
end
local is_sure = take == 'always' or now - since >= length
local nth = tonumber(redis.call('LINDEX', moments, most - 1))
local allowed = take == 'always' or not nth or now - nth >= length
if allowed and is_sure then
  redis.call('LPUSH', moments, string.format('%.0f', now))
  redis.call('LTRIM', moments, 0, most - 1)
  redis.call('EXPIRE', moments, ARGV[2])
end
local low, high = 0, redis.call('LLEN', moments)
while low < high do
  local middle = math.floor((low + high) / 2)
  if now - tonumber(redis.call('LINDEX', moments, middle)) < length then low = middle + 1 else high = middle end
end
local oldest = low > 0 and now - tonumber(redis.call('LINDEX', moments, low - 1)) or 0
return {allowed and 1 or 0, low, oldest, is_sure and 1 or 0}
"""


def take(valkey: Valkey, window: Window, *, knows_all: bool) -> Taken:
    """Takes a turn if one is left and Valkey knows the whole window. `knows_all` False: turns were taken elsewhere."""
    return _run(valkey, window, knows_all, "if left")


def note(valkey: Valkey, window: Window) -> Taken:
    """Tells of a turn that the database has given."""
    return _run(valkey, window, True, "always")


def forget_since(valkey: Valkey) -> int:
    """From the next turn on Valkey knows nothing from before."""
    found: Any = valkey.delete(KNOWS_SINCE)
    return int(found)


def _run(valkey: Valkey, window: Window, knows_all: bool, how: str) -> Taken:
    key = f"turns:{window.digest.hex()}"
    found: Any = valkey.eval(SCRIPT, 2, key, KNOWS_SINCE, window.most, window.length_s, int(knows_all), how)
    allowed, count, oldest_us, is_sure = found
    return Taken(bool(allowed), count, oldest_us / 1e6, bool(is_sure))
