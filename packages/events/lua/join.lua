#!lua flags=allow-oom
-- Makes a group where there is none, at the last position that is stored for it: events are repeated rather than skipped.
-- KEYS: 1 the stream, 2 the groups' positions (a hash)
-- ARGV: 1 group
-- Returns 1 when it was made, 0 when it was there.
-- A full hub must be read to become empty, hence allow-oom.
-- Atomic because of two consumers that start at once, and since the position must belong to the stream that is there.
local last = '0-0'
if redis.call('EXISTS', KEYS[1]) == 1 then
  for _, info in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
    for index = 1, #info, 2 do
      if info[index] == 'name' and info[index + 1] == ARGV[1] then return 0 end
    end
  end
  local info = redis.call('XINFO', 'STREAM', KEYS[1])
  for index = 1, #info, 2 do
    if info[index] == 'last-generated-id' then last = info[index + 1] end
  end
end

local function parse(id)
  local ms, seq = string.match(id, '^(%d+)-(%d+)$')
  return tonumber(ms), tonumber(seq)
end
local position = redis.call('HGET', KEYS[2], ARGV[1]) or '0-0'
local ms, seq = parse(position)
local last_ms, last_seq = parse(last)
-- Of a stream that was lost since: this one is read from its beginning.
if last_ms < ms or (last_ms == ms and last_seq < seq) then position = '0-0' end
redis.call('XGROUP', 'CREATE', KEYS[1], ARGV[1], position, 'MKSTREAM')
return 1
