#!lua
-- Adds members to a watch list, or prolongs their stay.
-- KEYS: 1 the list (a sorted set: member by the time it leaves, in ms)
-- ARGV: 1 how long they stay in ms, 2 how many the list may hold, then the members
-- Returns 1, or 0 when some did not fit.
-- Atomic because the bound is on all watchers together; and the time must be Redis's, since hosts' clocks differ.
local time = redis.call('TIME')
local now_ms = time[1] * 1000 + math.floor(time[2] / 1000)
local ttl, limit = tonumber(ARGV[1]), tonumber(ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now_ms)
local size, all = redis.call('ZCARD', KEYS[1]), 1
for index = 3, #ARGV do
  if size < limit or redis.call('ZSCORE', KEYS[1], ARGV[index]) then
    size = size + redis.call('ZADD', KEYS[1], now_ms + ttl, ARGV[index])
  else
    all = 0
  end
end
redis.call('PEXPIRE', KEYS[1], ttl)
return all
