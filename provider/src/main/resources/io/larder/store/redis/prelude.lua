local DAY = 86400000000
local ZERO = '0000000000000000'

-- a time or a sequence as the 16 digits in which it is stored
local function digits(number)
  return string.format('%016d', number)
end

-- the server's time in microseconds, as digits
local function server_time()
  local time = redis.call('TIME')
  return time[1] .. string.sub('00000' .. time[2], -6)
end

-- generation, sequence, and horizon (when the head may go; zero = never), as digits; nil without
local function read_head(key)
  local head = redis.pcall('GET', key)
  if type(head) ~= 'string' or #head ~= 48 or not string.find(head, '^%d+$')
      or tonumber(string.sub(head, 17, 32)) > 8999999999999999 then
    return nil
  end
  return string.sub(head, 1, 16), string.sub(head, 17, 32), string.sub(head, 33)
end

-- version (generation and sequence), created, kind, deadline (a number), from a frame's first 69
-- bytes; nil for anything else than a frame of this generation
local function read_frame(frame, generation)
  if type(frame) ~= 'string' or string.sub(frame, 5, 20) ~= generation
      or not string.find(frame, '^LDR1%d+[xbn]%d+$') then
    return nil
  end
  local kind = string.sub(frame, 53, 53)
  if #frame ~= 69 or not string.find(kind, '[xbn]') then
    return nil
  end
  return string.sub(frame, 5, 36), string.sub(frame, 37, 52), kind, tonumber(string.sub(frame, 54))
end
