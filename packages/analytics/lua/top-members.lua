-- Adds up buckets and reads the best members.
--
-- KEYS    buckets (sorted sets), at least one
-- ARGV[1] how many members to return
-- Returns member, score, member, score, ... best first.
--
-- A script because ZUNION has no limit: only the best members cross the network. It writes nothing.
local command = { 'ZUNION', #KEYS }
for _, key in ipairs(KEYS) do
  command[#command + 1] = key
end
command[#command + 1] = 'WITHSCORES'
local union = redis.call(unpack(command))
local result = {}
for i = #union - 1, math.max(1, #union - 2 * tonumber(ARGV[1]) + 1), -2 do
  result[#result + 1] = union[i]
  result[#result + 1] = union[i + 1]
end
return result
