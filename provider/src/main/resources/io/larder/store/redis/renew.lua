-- KEYS: key. ARGV: token, milliseconds to stay. Only if the key still holds the token; then 1.
local found = redis.pcall('GETRANGE', KEYS[1], 0, 68)
if found == ARGV[1] then
  return redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return 0
