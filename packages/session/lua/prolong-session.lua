#!lua flags=allow-oom
-- Prolongs a session that is in use, for a service that may not write into it.
-- KEYS: 1 the session's hash, 2 the user's index
-- ARGV: 1 id, 2 idle TTL in ms, 3 touch interval in ms
-- Returns 1 if it was prolonged, 0 if that was done a moment ago or it has ended.
-- Atomic because the TTL must never reach past the absolute end that was read. Allowed when Redis is full: it adds nothing.
local expires_at = redis.call('HGET', KEYS[1], 'expiresAt')
if not expires_at then return 0 end
local time = redis.call('TIME')
local now_ms = time[1] * 1000 + math.floor(time[2] / 1000)
local ttl_ms = math.min(tonumber(ARGV[2]), tonumber(expires_at) - now_ms)
if ttl_ms - redis.call('PTTL', KEYS[1]) < tonumber(ARGV[3]) then return 0 end
redis.call('PEXPIRE', KEYS[1], ttl_ms)
redis.call('ZADD', KEYS[2], 'XX', string.format('%.0f', now_ms + ttl_ms), ARGV[1])
return 1
