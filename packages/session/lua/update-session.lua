#!lua
-- Sets fields of a session.
-- KEYS: 1 the session's hash
-- ARGV: field, value, field, value …
-- Returns 1, or 0 if the session has ended.
-- Atomic because HSET on a session that ended after the check would revive it, and without a TTL.
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
if #ARGV > 0 then redis.call('HSET', KEYS[1], unpack(ARGV)) end
return 1
