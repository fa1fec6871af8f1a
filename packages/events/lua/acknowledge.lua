#!lua flags=allow-oom
-- Acknowledges an entry and remembers its event as handled.
-- KEYS: 1 the stream, 2 the group's handled events (a sorted set: event id by time)
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
return redis.call('XACK', KEYS[1], ARGV[1], ARGV[2])
