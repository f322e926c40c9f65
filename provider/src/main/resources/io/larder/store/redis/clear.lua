-- KEYS: head. ARGV: latest server time, channel. A new generation: what is of the old one is absent.
local now = server_micros()
if now > tonumber(ARGV[1]) then
  return 'L' .. digits(now)
end
local _, previous = read_head(KEYS[1])
local sequence = digits(math.max(previous + 1, now))
redis.call('UNLINK', KEYS[1])
write_head(KEYS[1], sequence .. sequence, -1, now + DAY)
redis.call('PUBLISH', ARGV[2], 'C' .. string.sub(KEYS[1], -3, -2) .. digits(previous) .. sequence)
return 'W' .. sequence .. sequence .. digits(previous) .. digits(now)
