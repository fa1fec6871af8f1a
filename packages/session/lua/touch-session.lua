#!lua flags=allow-oom
-- Prolongs a session that is in use.
-- KEYS: 1 the session's hash, 2 the user's index
-- ARGV: 1 id, 2 idle TTL in ms, 3 touch interval in ms
-- Returns 1 if it was prolonged, 0 if it was touched a moment ago or has ended.
-- Atomic because a session that ended between the check and the write would be revived. Allowed when Redis is
-- full, since it replaces a value by one of the same size and sessions in use should not end.
local stored = redis.call('HMGET', KEYS[1], 'lastSeenAt', 'expiresAt')
if not (stored[1] and stored[2]) then return 0 end
local time = redis.call('TIME')
local now_ms = time[1] * 1000 + math.floor(time[2] / 1000)
if now_ms - tonumber(stored[1]) < tonumber(ARGV[3]) then return 0 end

local ttl_ms = math.min(tonumber(ARGV[2]), tonumber(stored[2]) - now_ms)
if ttl_ms <= 0 then
  redis.call('DEL', KEYS[1])
  redis.call('ZREM', KEYS[2], ARGV[1])
  return 0
end
redis.call('HSET', KEYS[1], 'lastSeenAt', string.format('%.0f', now_ms))
redis.call('PEXPIRE', KEYS[1], ttl_ms)
redis.call('ZADD', KEYS[2], 'XX', string.format('%.0f', now_ms + ttl_ms), ARGV[1])
return 1
