-- KEYS: key. ARGV: token. Deletes the key if it still holds the token.
if redis.pcall('GETRANGE', KEYS[1], 0, #ARGV[1]) == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0
