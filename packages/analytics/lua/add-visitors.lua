-- Adds visitors to some buckets of one subject, and dates the end of each.
--
-- KEYS    buckets (HyperLogLogs): a quarter, its hour and its day, or those that no window has passed
-- ARGV    for each bucket when it expires, ms since 1970; then visitors (at most 1,000)
-- Returns how many estimates changed.
--
-- Atomic because a bucket that got its visitors but not its expiry would stay for ever.
local changed = 0
for i, key in ipairs(KEYS) do
  changed = changed + redis.call('PFADD', key, unpack(ARGV, #KEYS + 1))
  redis.call('PEXPIREAT', key, ARGV[i])
end
return changed
