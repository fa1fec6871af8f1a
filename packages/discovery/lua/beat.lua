-- Writes an instance's whole record and announces it if it was not there.
--
-- KEYS[1] record of the instance
-- KEYS[2] index of all instances
-- ARGV[1] member of the index: <service>/<id>
-- ARGV[2] record (JSON)
-- ARGV[3] TTL of the record in ms
-- ARGV[4] TTL of the index in ms, renewed by every beat
-- ARGV[5] channel
-- ARGV[6] message: service_up
-- Returns 1 if the instance was not registered before, 0 otherwise.
--
-- Atomic because a record without its index member can't be found, and because two beats (or a beat and a
-- sweep) must not both think that they were first.
local isNew = redis.call('EXISTS', KEYS[1]) == 0
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
redis.call('SADD', KEYS[2], ARGV[1])
redis.call('PEXPIRE', KEYS[2], ARGV[4])
if isNew then
  redis.call('PUBLISH', ARGV[5], ARGV[6])
  return 1
end
return 0
