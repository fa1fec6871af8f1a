#!lua flags=allow-oom
-- Ends all sessions of a user.
-- KEYS: 1 the user's index
-- ARGV: 1 what the user's session keys begin with (they share the index's slot)
-- Returns how many there were. Publishes each id on `session:ended`.
-- Atomic because a session started meanwhile must either be ended or stay in the index.
local ended = 0
local ids = redis.call('ZRANGE', KEYS[1], 0, -1)
for _, id in ipairs(ids) do
  ended = ended + redis.call('DEL', ARGV[1] .. id)
  redis.call('DEL', ARGV[1] .. id .. ':sites')
end
redis.call('DEL', KEYS[1])
-- Told to whoever looks on; that it could not be told fails nothing: they look themselves, too.
for _, id in ipairs(ids) do redis.pcall('PUBLISH', 'session:ended', '"' .. id .. '"') end
return ended
