#!lua
-- Moves a session to a new id. Its TTL moves with it.
-- KEYS: 1 the old hash, 2 the new hash, 3 the user's index, 4 the secrets of sites to the old one
-- ARGV: 1 old id, 2 new id
-- Returns the session's fields and values, or an empty list if it has ended. Publishes the old id on `session:ended`.
-- Atomic because the session must never be reachable by both secrets, by neither, or be outside the index.
if redis.call('EXISTS', KEYS[1]) == 0 then return {} end
local score = redis.call('ZSCORE', KEYS[3], ARGV[1])
if not score then return {} end
redis.call('RENAME', KEYS[1], KEYS[2])
redis.call('DEL', KEYS[4])
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('ZADD', KEYS[3], score, ARGV[2])
redis.pcall('PUBLISH', 'session:ended', '"' .. ARGV[1] .. '"')
return redis.call('HGETALL', KEYS[2])
