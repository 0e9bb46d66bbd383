"""The gate: a script in Valkey decides and writes as one step, so that of two workers only one takes a tick in."""

import json
from typing import cast

from redis import Redis

from app.market.rules import wire

TAKEN, LATE, REPEATED = "a", "o", "d"
"""What the script says of a line, one letter each."""

# Reads and writes go in groups: Lua hands a function at most some thousands of arguments. All prices a source told at
# its last moment are remembered, so that a whole call that is sent again finds every tick of it taken in already. Times
# are compared as text, for all have sixteen digits: what is known of a source begins with its time, and so is less than
# any later one. Nothing is remembered before the stream has it.
SCRIPT = """
local GROUP, LONGEST = 1000, 400
local repeats = ARGV[4] == '1'
local now = redis.call('TIME')
local accepted_at = string.format('%d%06d', now[1], now[2])

local keys, prices, times, lines = {}, {}, {}, 0
for key, price, at in string.gmatch(ARGV[1], '(%d+\\t[^\\t]+)\\t([^\\t]+)\\t[^\\t]*\\t[^\\t]*\\t(%d+)') do
  lines = lines + 1
  keys[lines], prices[lines], times[lines] = key, price, at
end

local function with(known, price)
  local longer = known .. price .. ' '
  while #longer > LONGEST do longer = string.gsub(longer, '^(%d+) [^ ]+', '%1', 1) end
  return longer
end

local told, marks, groups = {}, {}, {}
local late, repeated = 0, 0
for first = 1, lines, GROUP do
  local last = math.min(first + GROUP - 1, lines)
  local known = redis.call('HMGET', KEYS[2], unpack(keys, first, last))
  local news, size = {}, 0
  for n = first, last do
    local key, price, at = keys[n], prices[n], times[n]
    local before, newest = repeats and told[key] or known[n - first + 1], nil
    if not before or before < at then
      newest = at .. ' ' .. price .. ' '
    elseif string.sub(before, 1, #at) ~= at then
      marks[n], late = 'o', late + 1
    elseif string.find(before, ' ' .. price .. ' ', 1, true) then
      marks[n], repeated = 'd', repeated + 1
    else
      newest = with(before, price)
    end
    if newest then
      if repeats then told[key] = newest end
      news[size + 1], news[size + 2], size = key, newest, size + 2
    end
  end
  if size > 0 then groups[#groups + 1] = news end
end

local payload = ARGV[1]
if late + repeated > 0 then
  local taken, n = {}, 0
  for line in string.gmatch(ARGV[1], '[^\\n]+') do
    n = n + 1
    marks[n] = marks[n] or 'a'
    if marks[n] == 'a' then taken[#taken + 1] = line end
  end
  payload = table.concat(taken, '\\n')
end
local rejects = cjson.decode(ARGV[2])
if late > 0 then rejects.out_of_order = late end
if repeated > 0 then rejects.duplicate = repeated end
redis.call('XADD', KEYS[1], '*', 'b', payload, 'a', accepted_at, 'n', lines - late - repeated,
  'r', cjson.encode(rejects), 'o', ARGV[3])
for _, news in ipairs(groups) do redis.call('HSET', KEYS[2], unpack(news)) end
return late + repeated > 0 and table.concat(marks) or string.rep('a', lines)
"""


def clock_us(store: Redis) -> int:
    """The clock that also stamps what is accepted."""
    seconds, micros = store.time()
    return seconds * 1_000_000 + micros


def passed(store: Redis, lines: list[str], rejects: dict[str, int], *, origin: str, repeats: bool = True) -> str:
    """Writes one entry with the lines that may pass; the letter of each line.

    `repeats`: whether two of them may be of one source and token, which takes a third longer to judge.
    """
    script = store.register_script(SCRIPT)
    arguments: list[str | int] = [wire.joined(lines), json.dumps(rejects), origin, int(repeats)]
    return cast(bytes, script(keys=[wire.STREAM, wire.LAST], args=arguments)).decode()
