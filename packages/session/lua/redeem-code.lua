#!lua
-- Exchanges a code for another site's own secret to a session.
-- KEYS: 1 the code, 2 the session's hash
-- ARGV: 1 what must have been stored with the code, 2 the field of the site, 3 the hash of the site's secret
-- Returns the session's fields and values, or an empty list if the code is not valid or the session has ended.
-- Atomic because of two who use a code at once only one may succeed, and a session that ended after the check must
-- not be revived. Any attempt uses the code up.
if redis.call('GETDEL', KEYS[1]) ~= ARGV[1] then return {} end
if redis.call('EXISTS', KEYS[2]) == 0 then return {} end
redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])
return redis.call('HGETALL', KEYS[2])
