-- KEYS: head, entry. ARGV: latest server time, holder, milliseconds to hold, version known to be
-- unreadable, grace, channel.
-- Answers the server's time, the head and the entry, where there is one; else the generation that
-- was claimed, or nothing if another holder has the claim.
-- A claim stands under the entry's name and is no entry, so that whatever changes the key ends it.
local time = server_time()
if tonumber(time) > tonumber(ARGV[1]) then
  return 'L' .. time
end
local generation, previous, horizon = read_head(KEYS[1])
local found = redis.pcall('GET', KEYS[2])
found = type(found) == 'string' and found or ''
local version, _, kind, deadline = read_frame(string.sub(found, 1, 69), generation)
if version and version ~= ARGV[4]
    and (kind == 'n' or deadline > tonumber(time) or ARGV[5] ~= '0') then
  return { time, redis.call('GET', KEYS[1]), found, false }
end
if generation and string.sub(found, 1, 20) == 'LDRC' .. generation
    and string.sub(found, 21) ~= ARGV[2] then
  return { time, redis.call('GET', KEYS[1]), false, false }
end
local sequence = next_sequence(previous, time)
local of = generation or sequence
local reply = redis.pcall('SET', KEYS[2], 'LDRC' .. of .. ARGV[2], 'PX', ARGV[3])
if reply.err then
  return reply
end
if version or not generation then
  write_head(KEYS[1], of .. sequence, horizon, tonumber(time) + DAY)
  publish(ARGV[6], KEYS[1], previous, sequence, { KEYS[2] })
end
return { time, redis.call('GET', KEYS[1]), false, of }
