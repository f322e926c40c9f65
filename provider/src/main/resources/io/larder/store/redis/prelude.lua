local DAY = 86400000000

local function digits(number)
  return string.format('%016d', number)
end

local function server_micros()
  local time = redis.call('TIME')
  return time[1] * 1000000 + time[2]
end

-- generation (text), sequence, horizon (when the head may go; 0 = never); nil, 0, -1 without a head
local function read_head(key)
  local head = redis.pcall('GET', key)
  if type(head) ~= 'string' or #head ~= 48 or string.find(head, '%D') then
    return nil, 0, -1
  end
  local sequence = tonumber(string.sub(head, 17, 32))
  if sequence > 8999999999999999 then
    return nil, 0, -1
  end
  return string.sub(head, 1, 16), sequence, tonumber(string.sub(head, 33, 48))
end

-- version (generation and sequence), created, kind, deadline; nil for anything else than a frame
-- of this generation
local function read_frame(frame, generation)
  if type(frame) ~= 'string' or #frame < 69 or string.sub(frame, 1, 4) ~= 'LDR1'
      or string.sub(frame, 5, 20) ~= generation then
    return nil
  end
  local kind = string.sub(frame, 53, 53)
  if (kind ~= 'x' and kind ~= 'b' and kind ~= 'n')
      or string.find(string.sub(frame, 5, 52), '%D')
      or string.find(string.sub(frame, 54, 69), '%D') then
    return nil
  end
  return string.sub(frame, 5, 36), string.sub(frame, 37, 52), kind, tonumber(string.sub(frame, 54, 69))
end

local function is_live(kind, deadline, now)
  return kind ~= nil and (kind == 'n' or deadline > now)
end

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

-- how long the head must outlive now, for an entry with this PX
local function horizon_for(now, px)
  if not px then
    return 0
  end
  return now + px * 1000 + DAY
end

local function later(one, other)
  if one == 0 or other == 0 then
    return 0
  end
  return math.max(one, other)
end

-- sets the head; moves its own end at most about once a day
local function write_head(key, version, horizon, needed)
  if horizon == 0 or (needed ~= 0 and needed <= horizon) then
    redis.call('SET', key, version .. digits(horizon), 'KEEPTTL')
  elseif needed == 0 then
    redis.call('SET', key, version .. digits(0))
  else
    redis.call('SET', key, version .. digits(needed + DAY), 'PXAT', string.format('%d', (needed + DAY) / 1000))
  end
end

-- tells that entries of the head's bucket changed
local function changed_message(head, previous, sequence, entries)
  local skip = #head + 2
  local message = { 'W' .. string.sub(head, -3, -2) .. digits(previous) .. sequence }
  for _, entry in ipairs(entries) do
    message[#message + 1] = string.format('%08d', #entry - skip + 1) .. string.sub(entry, skip)
  end
  return table.concat(message)
end

-- moves the deadline of a live entry in place; PEXPIRE first, so that a full Redis allows the rest.
-- A deadline that comes nearer is news for those who hold a copy: a new sequence, and a message.
local function move_deadline(head, entry, now, was, ttl, bound, grace, channel)
  local kind, deadline, px = lifetime(now, ttl, bound, grace)
  if px then
    redis.call('PEXPIRE', entry, string.format('%d', px))
  else
    redis.call('PERSIST', entry)
  end
  redis.call('SETRANGE', entry, 52, kind .. digits(deadline))
  local generation, previous, horizon = read_head(head)
  local needed = horizon_for(now, px)
  if kind ~= 'n' and (not was or deadline < was) then
    local sequence = digits(math.max(previous + 1, now))
    write_head(head, generation .. sequence, horizon, needed)
    redis.call('PUBLISH', channel, changed_message(head, previous, sequence, { entry }))
  elseif horizon ~= 0 and (needed == 0 or needed > horizon) then
    write_head(head, generation .. digits(previous), horizon, needed)
  end
  return kind .. digits(deadline)
end
