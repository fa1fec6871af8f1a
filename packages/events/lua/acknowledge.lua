#!lua flags=allow-oom
-- Acknowledges an entry, remembers its event as handled, and up to where the group has handled everything.
-- KEYS: 1 the stream, 2 the group's handled events (a sorted set: event id by time), 3 the groups' positions (a hash)
-- ARGV: 1 group, 2 entry id, 3 event id, 4 how long to remember in ms, 5 how many to remember
-- Returns 1, or 0 when the entry was acknowledged before.
-- Bounded by what is remembered, and a full hub can only be trimmed once its readers have acknowledged: hence allow-oom.
-- Atomic because a crash in between would leave an acknowledged event whose duplicate is handled again.
local time = redis.call('TIME')
local now_ms = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', KEYS[2], now_ms, ARGV[3])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now_ms - tonumber(ARGV[4]))
redis.call('ZREMRANGEBYRANK', KEYS[2], 0, -tonumber(ARGV[5]) - 1)
redis.call('PEXPIRE', KEYS[2], ARGV[4])
local done = redis.call('XACK', KEYS[1], ARGV[1], ARGV[2])

local function parse(id)
  local ms, seq = string.match(id, '^(%d+)-(%d+)$')
  return tonumber(ms), tonumber(seq)
end
local function before(id)
  local ms, seq = parse(id)
  if seq > 0 then return string.format('%.0f-%.0f', ms, seq - 1) end
  return string.format('%.0f-18446744073709551615', ms - 1)
end
local function is_before(a, b)
  local a_ms, a_seq = parse(a)
  local b_ms, b_seq = parse(b)
  return a_ms < b_ms or (a_ms == b_ms and a_seq < b_seq)
end

local pending = redis.pcall('XPENDING', KEYS[1], ARGV[1])
-- Without a group there is nothing to tell; it is made again at what was stored last.
if pending['err'] then return done end
local position = ARGV[2]
if pending[1] > 0 then position = before(pending[2]) end
local stored = redis.call('HGET', KEYS[3], ARGV[1])
if not stored or is_before(stored, position) then redis.call('HSET', KEYS[3], ARGV[1], position) end
return done
