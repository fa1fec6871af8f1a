-- Sets scores in one bucket, keeps its best members only, and dates its end.
--
-- KEYS[1] bucket (sorted set)
-- ARGV[1] when the bucket expires, ms since 1970
-- ARGV[2] how many members it may have
-- ARGV[3...] score, member, score, member, ... (at most 1,000 pairs)
-- Returns the number of members.
--
-- Atomic because a bucket that got its members but not its expiry would stay for ever.
-- ZADD GT: scores of a bucket only grow, so a value that arrives late can't undo a newer one.
redis.call('ZADD', KEYS[1], 'GT', unpack(ARGV, 3))
redis.call('PEXPIREAT', KEYS[1], ARGV[1])
local maxMembers = tonumber(ARGV[2])
local members = redis.call('ZCARD', KEYS[1])
if members > maxMembers then
  redis.call('ZREMRANGEBYRANK', KEYS[1], 0, members - maxMembers - 1)
  return maxMembers
end
return members
