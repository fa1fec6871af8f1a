#!lua
-- Sliding-window log on Redis's clock.
-- KEYS: 1 the key (a sorted set: one member per admitted unit, scored by when, in ms)
-- ARGV: 1 cost, 2 limit, 3 window in ms
-- Returns 1 or 0 for allowed, remaining, ms until more remain, ms until this would be allowed.
-- Atomic because two callers that read the same count would both be admitted on it.
local cost, limit, window_ms = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now_ms = time[1] * 1000 + math.floor(time[2] / 1000)
local now = string.format('%.0f', now_ms)

redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now_ms - window_ms))
local used = redis.call('ZCARD', KEYS[1])
local allowed = used + cost <= limit
if allowed then
  -- Units of the same millisecond are numbered, since a member that is there already would not count again.
  local same = redis.call('ZCOUNT', KEYS[1], now, now)
  for i = 1, cost do redis.call('ZADD', KEYS[1], now, now .. '-' .. (same + i)) end
  redis.call('PEXPIRE', KEYS[1], window_ms)
  used = used + cost
end

local remaining = math.max(0, limit - used)
local function wait_ms(units)
  local must_leave = used + math.min(units, limit) - limit
  if must_leave <= 0 then return 0 end
  local last = redis.call('ZRANGE', KEYS[1], must_leave - 1, must_leave - 1, 'WITHSCORES')
  return tonumber(last[2]) + window_ms - now_ms
end
return { allowed and 1 or 0, remaining, wait_ms(remaining + 1), allowed and 0 or wait_ms(cost) }
