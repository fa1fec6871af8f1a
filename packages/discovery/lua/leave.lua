-- Removes an instance and announces that, if it was there.
--
-- KEYS[1] record of the instance
-- KEYS[2] index of all instances
-- ARGV[1] member of the index: <service>/<id>
-- ARGV[2] channel
-- ARGV[3] message: service_down
-- Returns 1 if the instance was registered, 0 otherwise.
--
-- Atomic because readers must never see an index member that lost its record by a graceful exit,
-- and a sweep in between would announce the same exit twice.
redis.call('DEL', KEYS[1])
if redis.call('SREM', KEYS[2], ARGV[1]) == 1 then
  redis.call('PUBLISH', ARGV[2], ARGV[3])
  return 1
end
return 0
