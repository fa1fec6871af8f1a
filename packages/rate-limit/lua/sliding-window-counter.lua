#!lua
-- Sliding-window counter on Redis's clock.
-- KEYS: 1 the key (a hash: number of the window, its count, the count of the one before)
-- ARGV: 1 cost, 2 limit, 3 window in ms
-- Returns 1 or 0 for allowed, remaining, ms until more remain, ms until this would be allowed.
-- Atomic because two callers that read the same counts would both be admitted on them.
local cost, limit, window_ms = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now_ms = time[1] * 1000 + math.floor(time[2] / 1000)

local stored = redis.call('HMGET', KEYS[1], 'window', 'current', 'previous')
local seen = tonumber(stored[1]) or 0
-- A clock that went back stays at the start of the newest window it has seen.
local window = math.max(math.floor(now_ms / window_ms), seen)
local elapsed_ms = math.max(0, now_ms - window * window_ms)
local current, previous = 0, 0
if seen == window then current, previous = tonumber(stored[2]) or 0, tonumber(stored[3]) or 0 end
if seen == window - 1 then previous = tonumber(stored[2]) or 0 end

-- Units × milliseconds, so that nothing is rounded.
local fading = previous * (window_ms - elapsed_ms)
local allowed = fading + (current + cost) * window_ms <= limit * window_ms
if allowed then
  current = current + cost
  redis.call('HSET', KEYS[1], 'window', string.format('%.0f', window), 'current', current, 'previous', previous)
  redis.call('PEXPIRE', KEYS[1], 2 * window_ms)
end

local remaining = math.max(0, math.floor(limit - current - fading / window_ms))
local function wait_ms(units)
  local wanted = math.min(units, limit)
  local spare = (limit - wanted - current) * window_ms
  if spare >= fading then return 0 end
  if spare >= 0 then return window_ms - math.floor(spare / previous) - elapsed_ms end
  -- Only once this window has become the previous one and has faded far enough.
  return 2 * window_ms - elapsed_ms - math.floor((limit - wanted) * window_ms / current)
end
return { allowed and 1 or 0, remaining, wait_ms(remaining + 1), allowed and 0 or wait_ms(cost) }
