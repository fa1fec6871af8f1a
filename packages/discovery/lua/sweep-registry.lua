-- Removes the index members whose record has expired, and announces each.
--
-- KEYS[1] index of all instances
-- ARGV[1] prefix of the records (same hash tag as the index)
-- ARGV[2] channel
-- Returns the members removed.
--
-- Atomic because an instance that beats again between the look and the removal would be removed alive,
-- and because of two sweepers only one may announce an exit.
local removed = {}
for _, member in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  if redis.call('EXISTS', ARGV[1] .. member) == 0 then
    redis.call('SREM', KEYS[1], member)
    local service, id = string.match(member, '^([^/]*)/(.*)$')
    if service then
      local message = cjson.encode({ event = 'service_down', service = service, id = id })
      redis.call('PUBLISH', ARGV[2], message)
    end
    removed[#removed + 1] = member
  end
end
return removed
