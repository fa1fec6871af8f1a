#!lua flags=allow-oom
-- Drops the oldest entries that every group has handled, except for the newest ones; at most 1,000 per call.
-- KEYS: 1 the stream
-- ARGV: 1 how many of the newest entries to keep in any case
-- Returns the number of entries left.
-- A full hub must be able to shrink, hence allow-oom.
-- Atomic because a group that is created between the look and the trim would lose entries.
local keep, batch = tonumber(ARGV[1]), 1000
local length = redis.call('XLEN', KEYS[1])
local excess = math.min(length - keep, batch)
if excess <= 0 then return length end

local function parse(id)
  local ms, seq = string.match(id, '^(%d+)-(%d+)$')
  return tonumber(ms), tonumber(seq)
end
local function after(id)
  local ms, seq = parse(id)
  return string.format('%.0f-%.0f', ms, seq + 1)
end
local function is_before(a, b)
  local a_ms, a_seq = parse(a)
  local b_ms, b_seq = parse(b)
  return a_ms < b_ms or (a_ms == b_ms and a_seq < b_seq)
end

local oldest = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', excess)
local threshold = after(oldest[#oldest][1])
for _, info in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
  local group = {}
  for index = 1, #info, 2 do group[info[index]] = info[index + 1] end
  local needed = after(group['last-delivered-id'])
  -- Pending entries are delivered, not handled: trimmed, they would be lost.
  if group['pending'] > 0 then needed = redis.call('XPENDING', KEYS[1], group['name'])[2] end
  if is_before(needed, threshold) then threshold = needed end
end
return length - redis.call('XTRIM', KEYS[1], 'MINID', threshold)
