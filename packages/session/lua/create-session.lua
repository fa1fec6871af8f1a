#!lua
-- Starts a session: stores it, enters it in the user's index, prunes the index, and ends the sessions above the limit.
-- KEYS: 1 the session's hash, 2 the user's index
-- ARGV: 1 id, 2 what the user's session keys begin with, 3 idle TTL in ms, 4 absolute TTL in ms, 5 sessions per user,
--       6… field, value, field, value …
-- Returns the time of creation in ms. Publishes the id of each that it ends on `session:ended`.
-- Atomic because a session outside the index could not be ended by "sign out everywhere", and a hash without its
-- TTL would stay for ever. Without the flag allow-oom, a full Redis refuses it before anything is written.
local time = redis.call('TIME')
local now_ms = time[1] * 1000 + math.floor(time[2] / 1000)
local id, prefix = ARGV[1], ARGV[2]
local idle_ms, absolute_ms, limit = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])

local fields = {}
for i = 6, #ARGV do fields[#fields + 1] = ARGV[i] end
redis.call('HSET', KEYS[1],
  'createdAt', string.format('%.0f', now_ms),
  'lastSeenAt', string.format('%.0f', now_ms),
  'expiresAt', string.format('%.0f', now_ms + absolute_ms),
  unpack(fields))
redis.call('PEXPIRE', KEYS[1], math.min(idle_ms, absolute_ms))

redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', string.format('%.0f', now_ms))
redis.call('ZADD', KEYS[2], string.format('%.0f', now_ms + idle_ms), id)
-- No session outlives the newest one's absolute end, so the index needn't either.
redis.call('PEXPIRE', KEYS[2], absolute_ms)

local excess = redis.call('ZCARD', KEYS[2]) - limit
if excess > 0 then
  -- One more than needed: the new session may be among the first if several were scored in the same millisecond.
  for _, oldest in ipairs(redis.call('ZRANGE', KEYS[2], 0, excess)) do
    if oldest ~= id and excess > 0 then
      redis.call('DEL', prefix .. oldest, prefix .. oldest .. ':sites')
      redis.call('ZREM', KEYS[2], oldest)
      redis.pcall('PUBLISH', 'session:ended', '"' .. oldest .. '"')
      excess = excess - 1
    end
  end
end
return string.format('%.0f', now_ms)
