-- wrk sends the requests of a file, one after the other and again from the first, at most so many.
-- wrk … -s replay.lua URL -- FILE MOST

function init(arguments)
  local file = assert(io.open(arguments[1], "rb"))
  prepared = {}
  for one in file:read("*a"):gmatch("%Z+") do
    prepared[#prepared + 1] = one
  end
  file:close()
  most = tonumber(arguments[2])
  turn = 0
end

function request()
  turn = turn + 1
  if turn >= most then
    wrk.thread:stop()
  end
  return prepared[(turn - 1) % #prepared + 1]
end

function done(summary, latency, requests)
  local faults = summary.errors
  io.write(string.format("result %d %d %d %d %d %d\n",
    summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(95), latency:percentile(99),
    faults.connect + faults.read + faults.write + faults.status + faults.timeout))
end
