-- KEYS: head, entries. ARGV: TTL on access (-1 = keep), bound, grace, channel.
-- Answers the server's time, the head and the entries, live ones with their new deadline.
local time = server_time()
local ttl, bound, grace = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local generation = read_head(KEYS[1])
local reply = {}
for i = 2, #KEYS do
  local frame = redis.pcall('GET', KEYS[i])
  if type(frame) ~= 'string' then
    frame = false
  elseif ttl ~= -1 then
    local version, _, kind, deadline = read_frame(string.sub(frame, 1, 69), generation)
    if version and (kind == 'n' or deadline > tonumber(time)) then
      local was = kind ~= 'n' and deadline
      local moved = move_deadline(KEYS[1], KEYS[i], time, was, ttl, bound, grace, ARGV[4])
      frame = string.sub(frame, 1, 52) .. moved .. string.sub(frame, 70)
    end
  end
  reply[i + 1] = frame
end
local head = redis.pcall('GET', KEYS[1])
reply[1] = time
reply[2] = type(head) == 'string' and head
return reply
