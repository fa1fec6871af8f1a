-- Tells whether the server has kept all that was written since the last rebuild, or notes that it has been rebuilt.
--
-- KEYS[1] marker: the run id of the server that was last filled
-- ARGV[1] '' to ask; otherwise the run id under which the rebuild began
-- Returns { the server's run id, the marker or '' }, after writing it.
--
-- Atomic because the server may be replaced by another between two commands, and a rebuild of the old
-- one must not count for the new one.
local runId = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
if ARGV[1] ~= '' and ARGV[1] == runId then
  redis.call('SET', KEYS[1], runId)
end
return { runId, redis.call('GET', KEYS[1]) or '' }
