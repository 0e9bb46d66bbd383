"""The gate: a script in Valkey decides and writes as one step, so that of two workers only one takes a tick in."""

import json
from typing import cast

from redis import Redis

from app.market.rules import wire

TAKEN, LATE, REPEATED = "a", "o", "d"
"""What the script says of a line, one letter each."""

# Reads and writes go in groups: Lua hands a function at most some thousands of arguments. All prices a source told at
# its last moment are remembered, so that a whole call that is sent again finds every tick of it taken in already.
SCRIPT = """
local GROUP, LONGEST = 1000, 400
local now = redis.call('TIME')
local accepted_at = string.format('%d%06d', now[1], now[2])

local function remembered(prices_told)
  while #prices_told > LONGEST do prices_told = string.gsub(prices_told, '^ [^ ]+', '', 1) end
  return prices_told
end

local lines, keys, prices, times = {}, {}, {}, {}
for line in string.gmatch(ARGV[1], '[^\\n]+') do
  local n = #lines + 1
  lines[n] = line
  keys[n], prices[n], times[n] = string.match(line, '^(%d+\\t[^\\t]+)\\t([^\\t]+)\\t[^\\t]*\\t[^\\t]*\\t(%d+)$')
end

local last_at, told = {}, {}
for first = 1, #lines, GROUP do
  local last = math.min(first + GROUP - 1, #lines)
  local known = redis.call('HMGET', KEYS[2], unpack(keys, first, last))
  for i = 1, last - first + 1 do
    if known[i] then
      local key = keys[first + i - 1]
      local at, prices_then = string.match(known[i], '^(%d+)( .+)$')
      last_at[key], told[key] = tonumber(at), prices_then
    end
  end
end

local taken, marks, touched, order = {}, {}, {}, {}
local late, repeated = 0, 0
for n, line in ipairs(lines) do
  local key, at = keys[n], tonumber(times[n])
  local before, price = last_at[key], ' ' .. prices[n] .. ' '
  if before and at < before then
    marks[n], late = 'o', late + 1
  elseif before == at and string.find(told[key], price, 1, true) then
    marks[n], repeated = 'd', repeated + 1
  else
    marks[n] = 'a'
    taken[#taken + 1] = line
    last_at[key], told[key] = at, before == at and remembered(told[key] .. prices[n] .. ' ') or price
    if not touched[key] then order[#order + 1] = key end
    touched[key] = times[n] .. told[key]
  end
end

local rejects = cjson.decode(ARGV[2])
if late > 0 then rejects.out_of_order = late end
if repeated > 0 then rejects.duplicate = repeated end
redis.call('XADD', KEYS[1], '*', 'b', table.concat(taken, '\\n'), 'a', accepted_at, 'n', #taken,
  'r', cjson.encode(rejects), 'o', ARGV[3])
for first = 1, #order, GROUP do
  local pairs_of_group = {}
  for i = first, math.min(first + GROUP - 1, #order) do
    pairs_of_group[#pairs_of_group + 1] = order[i]
    pairs_of_group[#pairs_of_group + 1] = touched[order[i]]
  end
  redis.call('HSET', KEYS[2], unpack(pairs_of_group))
end
return table.concat(marks)
"""


def clock_us(store: Redis) -> int:
    """The clock that also stamps what is accepted."""
    seconds, micros = store.time()
    return seconds * 1_000_000 + micros


def passed(store: Redis, lines: list[str], rejects: dict[str, int], *, origin: str) -> str:
    """Writes one entry with the lines that may pass; the letter of each line."""
    script = store.register_script(SCRIPT)
    arguments = [wire.joined(lines), json.dumps(rejects), origin]
    return cast(bytes, script(keys=[wire.STREAM, wire.LAST], args=arguments)).decode()
