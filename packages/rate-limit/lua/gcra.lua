#!lua
-- Generic cell rate algorithm on Redis's clock.
-- KEYS: 1 the key (a string: the theoretical arrival time in microseconds)
-- ARGV: 1 cost, 2 interval between units in microseconds, 3 burst
-- Returns 1 or 0 for allowed, remaining, ms until more remain, ms until this would be allowed.
-- Atomic because two callers that read the same state would both be admitted on it.
local cost, interval_us, burst = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local capacity_us = burst * interval_us
local time = redis.call('TIME')
local now_us = time[1] * 1000000 + time[2]

local used_us = math.max(0, (tonumber(redis.call('GET', KEYS[1])) or now_us) - now_us)
local allowed = used_us + cost * interval_us <= capacity_us
if allowed then
  used_us = used_us + cost * interval_us
  redis.call('SET', KEYS[1], string.format('%.0f', now_us + used_us), 'PX', math.ceil(used_us / 1000))
end

local remaining = math.max(0, math.floor((capacity_us - used_us) / interval_us))
local function wait_ms(units)
  return math.ceil(math.max(0, used_us + math.min(units, burst) * interval_us - capacity_us) / 1000)
end
return { allowed and 1 or 0, remaining, wait_ms(remaining + 1), allowed and 0 or wait_ms(cost) }
