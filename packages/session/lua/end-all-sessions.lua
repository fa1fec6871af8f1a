#!lua flags=allow-oom
-- Ends all sessions of a user.
-- KEYS: 1 the user's index
-- ARGV: 1 what the user's session keys begin with (they share the index's slot)
-- Returns how many there were.
-- Atomic because a session started meanwhile must either be ended or stay in the index.
local ended = 0
for _, id in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  ended = ended + redis.call('DEL', ARGV[1] .. id)
  redis.call('DEL', ARGV[1] .. id .. ':sites')
end
redis.call('DEL', KEYS[1])
return ended
