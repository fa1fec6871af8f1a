#!lua
-- Appends events in order and numbers them without gaps, unless the stream has lost what came before.
-- KEYS: 1 the stream, 2 its state (a hash: number of the newest event, stamp of the newest batch)
-- ARGV: 1 stamp that the state must have reached, 0 for any, 2 stamp of this batch, 0 for none,
--       then for each event: id, type, data, time, trace context or ''
-- Returns 1 when published, 0 when the stream has lost events and nothing was published.
-- Atomic because a loss between the check and the append would go unnoticed, and a half-written batch out of order.
local after, stamp = tonumber(ARGV[1]), tonumber(ARGV[2])
if after > 0 then
  local reached = tonumber(redis.call('HGET', KEYS[2], 'stamp')) or 0
  if reached < after or redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
end

local number = tonumber(redis.call('HGET', KEYS[2], 'number'))
if not number then
  -- Starts at the time, so that the numbers of a stream that was lost are not used again.
  local time = redis.call('TIME')
  number = time[1] * 1000 + math.floor(time[2] / 1000)
end

for index = 3, #ARGV, 5 do
  number = number + 1
  local event = { 'id', ARGV[index], 'type', ARGV[index + 1], 'data', ARGV[index + 2],
    'at', ARGV[index + 3], 'n', string.format('%.0f', number) }
  if ARGV[index + 4] ~= '' then
    event[11], event[12] = 'traceparent', ARGV[index + 4]
  end
  redis.call('XADD', KEYS[1], '*', unpack(event))
end
redis.call('HSET', KEYS[2], 'number', string.format('%.0f', number))
if stamp > 0 then redis.call('HSET', KEYS[2], 'stamp', string.format('%.0f', stamp)) end
return 1
