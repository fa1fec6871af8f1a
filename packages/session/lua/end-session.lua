#!lua flags=allow-oom
-- Ends a session.
-- KEYS: 1 the session's hash, 2 the user's index, 3 the secrets of sites to it
-- ARGV: 1 id
-- Returns 1, or 0 if it had ended before. Publishes the id on `session:ended`.
-- Atomic because an index that names ended sessions would count them against the user's limit.
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('DEL', KEYS[3])
local ended = redis.call('DEL', KEYS[1])
-- Told to whoever looks on; that it could not be told fails nothing: they look themselves, too.
if ended == 1 then redis.pcall('PUBLISH', 'session:ended', '"' .. ARGV[1] .. '"') end
return ended
