-- Gives a lease back that led to no value, so that nobody waits for it any longer.
-- KEYS[1]  the entry
-- ARGV[1]  the end of the lease, as claim-lease.lua returned it
-- Returns 1 if it was still held, else 0.
-- Atomic because a value that comes between reading and writing would be lost.
local stored = redis.call('GET', KEYS[1])
local version = stored and string.match(stored, '^1 (%d+) 0 l' .. ARGV[1] .. '$')
if not version then
  return 0
end
if version == '0' then
  -- Gone at once, without a right to delete.
  redis.call('SET', KEYS[1], '1 0 0 f', 'PX', 1)
else
  redis.call('SET', KEYS[1], '1 ' .. version .. ' 0 f', 'KEEPTTL')
end
return 1
