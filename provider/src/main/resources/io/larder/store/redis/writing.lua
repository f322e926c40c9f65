-- kind, deadline, and the PX of an entry (nil = none) that lives ttl milliseconds from now;
-- -2 = eternal, which the bound (0 = none) may shorten
local function lifetime(now, ttl, bound, grace)
  local millis = math.floor(now / 1000)
  if ttl ~= -2 then
    return 'x', (millis + ttl) * 1000, ttl + grace
  elseif bound == 0 then
    return 'n', 0, nil
  end
  return 'b', (millis + bound) * 1000, bound
end

-- how long the head must stay for an entry with this PX; 0 = for ever
local function horizon_for(now, px)
  return px and now + px * 1000 + DAY or 0
end

-- sets the head; moves its own end at most about once a day
local function write_head(key, version, horizon, needed)
  if horizon == ZERO or (horizon and needed ~= 0 and needed <= tonumber(horizon)) then
    redis.call('SET', key, version .. horizon, 'KEEPTTL')
  elseif needed == 0 then
    redis.call('SET', key, version .. ZERO)
  else
    local ends = needed + DAY
    redis.call('SET', key, version .. digits(ends), 'PXAT', math.floor(ends / 1000))
  end
end

-- the sequence after one (digits or nil), at a time (digits)
local function next_sequence(previous, time)
  local after = (tonumber(previous) or 0) + 1
  return after > tonumber(time) and digits(after) or time
end

-- tells that entries of the head's bucket changed
local function publish(channel, head, previous, sequence, entries)
  local skip = #head + 2
  local message = 'W' .. string.sub(head, -3, -2) .. (previous or ZERO) .. sequence
  for _, entry in ipairs(entries) do
    message = message .. string.format('%08d', #entry - skip + 1) .. string.sub(entry, skip)
  end
  redis.call('PUBLISH', channel, message)
end
