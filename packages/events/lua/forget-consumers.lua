#!lua
-- Removes the consumers of a group that are gone: the one that leaves, and those idle for long. Never one with pending entries.
-- KEYS: 1 the stream
-- ARGV: 1 group, 2 name of the consumer that leaves, or '', 3 idle ms after which a consumer counts as gone
-- Returns how many were removed.
-- Atomic because removing a consumer drops its pending entries, and it may get one after the look.
local removed = 0
for _, info in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
  local consumer = {}
  for index = 1, #info, 2 do consumer[info[index]] = info[index + 1] end
  local gone = consumer['name'] == ARGV[2] or consumer['idle'] > tonumber(ARGV[3])
  if gone and consumer['pending'] == 0 then
    redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], consumer['name'])
    removed = removed + 1
  end
end
return removed
