-- Stores an entry unless a newer one is there.
-- KEYS[1]  the entry
-- ARGV[1]  version of the new entry
-- ARGV[2]  text of the new entry: "<format> <version> ..."
-- ARGV[3]  time to live in milliseconds
-- ARGV[4]  "1": an entry of the same version is replaced; "0": it stays
-- Returns 1 if stored, 0 if what was there stays.
-- Atomic because a change that comes between reading the stored version and writing would be overwritten
-- by the older value.
local stored = redis.call('GET', KEYS[1])
if stored then
  local storedVersion = tonumber(string.match(stored, '^%d+ (%d+) '))
  local version = tonumber(ARGV[1])
  if storedVersion and (storedVersion > version or (storedVersion == version and ARGV[4] == '0')) then
    return 0
  end
end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
