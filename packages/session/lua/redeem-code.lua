#!lua
-- Exchanges a code for another site's own secret to a session.
-- KEYS: 1 the code, 2 the session's hash, 3 the secrets of sites to it
-- ARGV: 1 what must have been stored with the code, 2 the site, 3 the hash of the site's secret
-- Returns the session's fields and values, or an empty list if the code is not valid or the session has ended.
-- Atomic because of two who use a code at once only one may succeed, and what belongs to a session that ended after the
-- check would stay. Any attempt uses the code up.
if redis.call('GETDEL', KEYS[1]) ~= ARGV[1] then return {} end
local expires_at = redis.call('HGET', KEYS[2], 'expiresAt')
if not expires_at then return {} end
redis.call('HSET', KEYS[3], ARGV[2], ARGV[3])
redis.call('PEXPIREAT', KEYS[3], expires_at)
return redis.call('HGETALL', KEYS[2])
