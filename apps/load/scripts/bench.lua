-- For `npm run bench`: wrk … URL -- KIND …; all but `path` with one thread (-t1).
--   path STATUS                                   the URL as it is
--   numbered STATUS PREFIX FIRST STRIDE COUNT [LIMIT]
--       GET PREFIX and seven digits: (FIRST + i) * STRIDE mod COUNT; ends after LIMIT answers if that is not 0
--   create STATUS FIRST                           POST a link whose URL has a number of its own
-- Prints one line of JSON at the end. `wrong`: answers with another status than STATUS, where wrk can tell.

local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init(args)
  kind, status = args[1], tonumber(args[2])
  sent = 0
  if kind == "numbered" then
    local prefix = args[3]
    local number, stride, count = tonumber(args[4]), tonumber(args[5]), tonumber(args[6])
    local before, after = wrk.format("GET", "/" .. prefix .. "NUMBER"):match("^(.-)NUMBER(.*)$")
    number = number * stride % count
    request = function()
      local text = string.format("%s%07d%s", before, number, after)
      number = (number + stride) % count
      sent = sent + 1
      return text
    end
    local left = tonumber(args[7])
    if left > 0 then
      response = function()
        left = left - 1
        if left == 0 then wrk.thread:stop() end
      end
    end
  elseif kind == "create" then
    local number = tonumber(args[3])
    wrk.headers["Content-Type"] = "application/json"
    local body = '{"url":"https://example.com/a/rather/usual/path?with=a&query=NUMBER90"}'
    local before, after = wrk.format("POST", nil, nil, body):match("^(.-)NUMBER90(.*)$")
    request = function()
      sent = sent + 1
      number = number + 1
      return string.format("%s%08d%s", before, number, after)
    end
  end
end

function done(summary)
  local sent = threads[1]:get("sent")
  local status = threads[1]:get("status")
  local errors = summary.errors
  -- wrk counts what is 400 or above.
  local wrong = status < 400 and errors.status or summary.requests - errors.status
  io.write(string.format('\n{"answers":%d,"sent":%d,"wrong":%d,"broken":%d,"late":%d}\n',
    summary.requests, sent, wrong, errors.connect + errors.read + errors.write, errors.timeout))
end
