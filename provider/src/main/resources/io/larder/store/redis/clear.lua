-- KEYS: head. ARGV: latest server time, channel. A new generation: what is of the old one is absent.
local time = server_time()
if tonumber(time) > tonumber(ARGV[1]) then
  return 'L' .. time
end
local _, previous = read_head(KEYS[1])
previous = previous or ZERO
local sequence = next_sequence(previous, time)
redis.call('UNLINK', KEYS[1])
write_head(KEYS[1], sequence .. sequence, nil, tonumber(time) + DAY)
redis.call('PUBLISH', ARGV[2], 'C' .. string.sub(KEYS[1], -3, -2) .. previous .. sequence)
return 'W' .. sequence .. sequence .. previous .. time
