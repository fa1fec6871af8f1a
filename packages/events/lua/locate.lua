#!lua
-- Tells where the stream ends.
-- KEYS: 1 the stream, 2 its state (a hash: number of the newest event)
-- Returns the id of the newest entry ever added and the number of its event; '0-0' and '0' for a stream that isn't there.
-- Atomic because the two must belong to the same event.
local id = '0-0'
if redis.call('EXISTS', KEYS[1]) == 1 then
  local info = redis.call('XINFO', 'STREAM', KEYS[1])
  for index = 1, #info, 2 do
    if info[index] == 'last-generated-id' then id = info[index + 1] end
  end
end
return { id, redis.call('HGET', KEYS[2], 'number') or '0' }
