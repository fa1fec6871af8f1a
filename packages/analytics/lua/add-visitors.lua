-- Adds visitors to one bucket, and dates its end.
--
-- KEYS[1] bucket (HyperLogLog)
-- ARGV[1] when the bucket expires, ms since 1970
-- ARGV[2...] visitors (at most 1,000)
-- Returns 1 if the estimate changed, else 0.
--
-- Atomic because a bucket that got its visitors but not its expiry would stay for ever.
local changed = redis.call('PFADD', KEYS[1], unpack(ARGV, 2))
redis.call('PEXPIREAT', KEYS[1], ARGV[1])
return changed
