-- Gives the caller the right to load an entry that is missing, unless someone else has it.
-- KEYS[1]  the entry
-- ARGV[1]  how long the right lasts, in milliseconds
-- Returns the stored text where it is (or may be) a value; 0 while someone else's lease lasts; else the end of the caller's own
-- lease in milliseconds since 1970, by Redis's clock, which is also what names it.
-- A lease stands in the entry's place: "1 <version> 0 l<end>". The version stays, so that a lease undoes no change, and
-- with it the time to live. A change or a value replaces the lease and so ends it.
-- Atomic because two callers that both find nothing would otherwise both load.
local stored = redis.call('GET', KEYS[1])
local version = '0'
local time = redis.call('TIME')
local nowMs = time[1] * 1000 + math.floor(time[2] / 1000)
if stored then
  local format, storedVersion, kind, payload = string.match(stored, '^(%d+) (%d+) %d+ (%a)(.*)$')
  if format ~= '1' or (kind ~= 'f' and kind ~= 'l') then
    return stored
  end
  if kind == 'l' and (tonumber(payload) or 0) > nowMs then
    return 0
  end
  version = storedVersion
end
local endMs = nowMs + ARGV[1]
local lease = string.format('1 %s 0 l%.0f', version, endMs)
if stored then
  redis.call('SET', KEYS[1], lease, 'KEEPTTL')
else
  redis.call('SET', KEYS[1], lease, 'PX', ARGV[1])
end
return endMs
