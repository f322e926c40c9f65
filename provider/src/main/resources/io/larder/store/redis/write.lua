-- KEYS: head, then one entry a change.
-- ARGV: latest server time, channel, bound, grace; then for each change: operation (condition and
-- '=' to store or '-' to remove), creation TTL, update TTL, what was read, value.
-- Conditions: A always, N not live (or the version known to be unreadable), P live, S same live
-- version, E same version read as expired, D same version read as unreadable, U untouched head.
local now = server_micros()
if now > tonumber(ARGV[1]) then
  return 'L' .. digits(now)
end
local bound, grace = tonumber(ARGV[3]), tonumber(ARGV[4])
local generation, previous, horizon = read_head(KEYS[1])
local seen = generation and generation .. digits(previous) or ''
local sequence = math.max(previous + 1, now)
generation = generation or digits(sequence)
local version = generation .. digits(sequence)
local changed, results, full = {}, {}, false
local needed = now + DAY

local function allowed(condition, prior, current, live)
  if condition == 'A' then
    return true
  elseif condition == 'N' then
    return not live or current == prior
  elseif condition == 'P' then
    return live
  elseif condition == 'S' then
    return live and current == prior
  elseif condition == 'E' then
    return current ~= nil and not live and current == prior
  elseif condition == 'D' then
    return current == prior
  end
  return seen == string.sub(prior, 1, 32) and (not live or current == string.sub(prior, 33))
end

-- false if Redis is full
local function store(entry, frame, px)
  if full then
    return false
  end
  local reply
  if px then
    reply = redis.pcall('SET', entry, frame, 'PX', string.format('%d', px))
  else
    reply = redis.pcall('SET', entry, frame)
  end
  if not reply.err then
    return true
  elseif not string.find(reply.err, 'OOM', 1, true) then
    error(reply.err)
  end
  full = true
  return false
end

for i = 2, #KEYS do
  local a = 5 * i - 5
  local entry, condition = KEYS[i], string.sub(ARGV[a], 1, 1)
  local current, created, kind, deadline =
    read_frame(redis.pcall('GETRANGE', entry, 0, 68), generation)
  local live = is_live(kind, deadline, now)
  if not allowed(condition, ARGV[a + 3], current, live) then
    results[#results + 1] = 'F' .. digits(0)
  else
    changed[#changed + 1] = entry
    if condition == 'D' or (current and current == ARGV[a + 3] and condition == 'N') then
      live = false
    end
    local ttl = tonumber(live and ARGV[a + 2] or ARGV[a + 1])
    if ttl == 0 or string.sub(ARGV[a], 2, 2) == '-' then
      redis.call('UNLINK', entry)
      results[#results + 1] = ((live or condition == 'E') and 'X' or 'N') .. digits(0)
    else
      local px
      if ttl == -1 and live and kind == 'x' then
        px = math.max(1, math.ceil((deadline - now) / 1000)) + grace
      else
        kind, deadline, px = lifetime(now, ttl == -1 and -2 or ttl, bound, grace)
      end
      local frame = 'LDR1' .. version .. (live and created or digits(now)) .. kind
        .. digits(deadline) .. ARGV[a + 4]
      if store(entry, frame, px) then
        results[#results + 1] = (live and 'U' or 'C') .. digits(deadline)
        needed = later(needed, horizon_for(now, px))
      else
        redis.call('UNLINK', entry)
        results[#results + 1] = 'O' .. digits(0)
      end
    end
  end
end

if #changed > 0 then
  write_head(KEYS[1], version, horizon, needed)
  redis.call('PUBLISH', ARGV[2], changed_message(KEYS[1], previous, digits(sequence), changed))
end
return 'W' .. generation .. digits(sequence) .. digits(previous) .. digits(now) .. table.concat(results)
