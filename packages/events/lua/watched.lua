#!lua flags=no-writes
-- Tells who is on a watch list.
-- KEYS: 1 the list (a sorted set: member by the time it leaves, in ms)
-- Returns the members that have not left yet.
-- A script because the time must be Redis's, since hosts' clocks differ.
local time = redis.call('TIME')
local now_ms = time[1] * 1000 + math.floor(time[2] / 1000)
return redis.call('ZRANGE', KEYS[1], '(' .. string.format('%.0f', now_ms), '+inf', 'BYSCORE')
