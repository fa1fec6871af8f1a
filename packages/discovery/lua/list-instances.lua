-- Reads the records of all instances.
--
-- KEYS[1] index of all instances
-- ARGV[1] prefix of the records (same hash tag as the index)
-- ARGV[2] how many to read at most
-- Returns member, record (JSON), member, record …, in no order. Members whose record has expired are left out.
--
-- One script because the records to read are named by the index: one round trip instead of two, and no member
-- that joined or left between them. It writes nothing.
local members = redis.call('SRANDMEMBER', KEYS[1], ARGV[2])
local records = {}
for _, member in ipairs(members) do
  local record = redis.call('GET', ARGV[1] .. member)
  if record then
    records[#records + 1] = member
    records[#records + 1] = record
  end
end
return records
