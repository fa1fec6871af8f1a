-- Follows short links with a browser's user agent, so that clicks count as people's.
--   wrk -t2 -c64 -d30s --latency -s apps/load/scripts/wrk.lua http://localhost:3001 -- hello redis
-- What stands behind "--" are slugs, of which each request takes a random one; without any it is the path of the URL.
-- wrk is a closed loop: while the service stalls it asks for less, so its high percentiles are too good.

local agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
local requests = {}
local threads = 0

function setup(thread)
  threads = threads + 1
  thread:set("seed", threads)
end

function init(slugs)
  math.randomseed(seed)
  wrk.headers["User-Agent"] = agent
  for _, slug in ipairs(slugs) do
    requests[#requests + 1] = wrk.format("GET", "/" .. slug)
  end
  if #requests == 0 then requests[1] = wrk.format("GET") end
end

function request()
  return requests[math.random(#requests)]
end

function done(summary)
  local errors = summary.errors
  io.write(string.format("not 2xx or 3xx: %d, connect: %d, read: %d, write: %d, timeout: %d\n",
    errors.status, errors.connect, errors.read, errors.write, errors.timeout))
end
