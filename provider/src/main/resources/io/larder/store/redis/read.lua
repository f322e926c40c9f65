-- KEYS: head, entries. ARGV: TTL on access (-1 = keep), bound, grace, channel.
-- Answers the server's time, the head and the entries, live ones with their new deadline.
local now = server_micros()
local ttl, bound, grace = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local generation = read_head(KEYS[1])
local head = redis.pcall('GET', KEYS[1])
local reply = { digits(now), type(head) == 'string' and head }
for i = 2, #KEYS do
  local frame = redis.pcall('GET', KEYS[i])
  if type(frame) ~= 'string' then
    frame = false
  elseif ttl ~= -1 then
    local version, _, kind, deadline = read_frame(frame, generation)
    if version and is_live(kind, deadline, now) then
      local moved = move_deadline(KEYS[1], KEYS[i], now, kind ~= 'n' and deadline, ttl, bound, grace, ARGV[4])
      frame = string.sub(frame, 1, 52) .. moved .. string.sub(frame, 70)
    end
  end
  reply[i + 1] = frame
end
return reply
