#!lua
-- Fixed window on Redis's clock.
-- KEYS: 1 the key (a hash: number of the window, its count)
-- ARGV: 1 cost, 2 limit, 3 window in ms
-- Returns 1 or 0 for allowed, remaining, ms until more remain, ms until this would be allowed.
-- Atomic because two callers that read the same count would both be admitted on it.
local cost, limit, window_ms = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now_ms = time[1] * 1000 + math.floor(time[2] / 1000)

local stored = redis.call('HMGET', KEYS[1], 'window', 'count')
local seen = tonumber(stored[1]) or 0
-- A clock that went back stays in the newest window it has seen.
local window = math.max(math.floor(now_ms / window_ms), seen)
local count = seen == window and tonumber(stored[2]) or 0

local allowed = count + cost <= limit
if allowed then
  count = count + cost
  redis.call('HSET', KEYS[1], 'window', string.format('%.0f', window), 'count', count)
  redis.call('PEXPIRE', KEYS[1], window_ms)
end

local reset_ms = count == 0 and 0 or (window + 1) * window_ms - now_ms
return { allowed and 1 or 0, math.max(0, limit - count), reset_ms, allowed and 0 or reset_ms }
