-- KEYS: head, entry. ARGV: version read, TTL, bound, grace, channel.
local time = server_time()
local generation = read_head(KEYS[1])
local version, _, kind, deadline = read_frame(redis.pcall('GETRANGE', KEYS[2], 0, 68), generation)
if version == ARGV[1] and (kind == 'n' or deadline > tonumber(time)) then
  move_deadline(KEYS[1], KEYS[2], time, kind ~= 'n' and deadline,
    tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5])
  return 1
end
return 0
