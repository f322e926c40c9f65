-- KEYS: head, then one entry a change.
-- ARGV: latest server time, channel, bound, grace; then for each change: operation (condition and
-- '=' to store or '-' to remove), creation TTL, update TTL, what was read, value.
-- Conditions: A always, N not live (or the version known to be unreadable), P live, S same live
-- version, E same version read as expired, D same version read as unreadable, U untouched head,
-- C the claim that was read still stands.
local time = server_time()
local now = tonumber(time)
if now > tonumber(ARGV[1]) then
  return 'L' .. time
end
local bound, grace = tonumber(ARGV[3]), tonumber(ARGV[4])
local generation, previous, horizon = read_head(KEYS[1])
local seen = generation and generation .. previous or ''
local sequence = next_sequence(previous, time)
generation = generation or sequence
local version = generation .. sequence
local changed, results, full = {}, '', false
local needed = now + DAY

local function allowed(condition, prior, current, live, found)
  if condition == 'N' then
    return not live or current == prior
  elseif condition == 'P' then
    return live
  elseif condition == 'S' then
    return live and current == prior
  elseif condition == 'E' then
    return current ~= nil and not live and current == prior
  elseif condition == 'D' then
    return current == prior
  elseif condition == 'C' then
    return found == prior and string.sub(prior, 1, 20) == 'LDRC' .. generation
  end
  return seen == string.sub(prior, 1, 32) and (not live or current == string.sub(prior, 33))
end

for i = 2, #KEYS do
  local a = 5 * i - 5
  local entry, operation, prior = KEYS[i], ARGV[a], ARGV[a + 3]
  local condition = string.sub(operation, 1, 1)
  local found = redis.pcall('GETRANGE', entry, 0, 68)
  local current, created, kind, deadline = read_frame(found, generation)
  local live = current ~= nil and (kind == 'n' or deadline > now)
  if condition ~= 'A' and not allowed(condition, prior, current, live, found) then
    results = results .. 'F' .. ZERO
  else
    changed[#changed + 1] = entry
    if condition == 'N' or condition == 'D' or condition == 'U' then
      live = false -- or there is only what nobody can read
    end
    local ttl = tonumber(live and ARGV[a + 2] or ARGV[a + 1])
    if ttl == 0 or string.sub(operation, 2) == '-' then
      redis.call('UNLINK', entry)
      results = results .. ((live or condition == 'E') and 'X' or 'N') .. ZERO
    else
      local px
      if ttl == -1 and live and kind == 'x' then
        px = math.max(1, math.ceil((deadline - now) / 1000)) + grace
      else
        kind, deadline, px = lifetime(now, ttl == -1 and -2 or ttl, bound, grace)
      end
      local ends = digits(deadline)
      local frame = 'LDR1' .. version .. (live and created or time) .. kind .. ends .. ARGV[a + 4]
      local reply = nil
      if full then
        reply = { err = 'OOM' }
      elseif px then
        reply = redis.pcall('SET', entry, frame, 'PX', px)
      else
        reply = redis.pcall('SET', entry, frame)
      end
      if not reply.err then
        results = results .. (live and 'U' or 'C') .. ends
        local until_then = horizon_for(now, px)
        needed = (needed == 0 or until_then == 0) and 0 or math.max(needed, until_then)
      elseif string.find(reply.err, 'OOM', 1, true) then
        full = true
        redis.call('UNLINK', entry)
        results = results .. 'O' .. ZERO
      else
        return reply
      end
    end
  end
end

if #changed > 0 then
  write_head(KEYS[1], version, horizon, needed)
  publish(ARGV[2], KEYS[1], previous, sequence, changed)
end
return 'W' .. version .. (previous or ZERO) .. time .. results
