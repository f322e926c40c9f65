-- KEYS: key. ARGV: latest server time (empty = any), value, milliseconds to stay (0 = for ever),
-- whether it may replace another.
-- Sets the key, in a full Redis too: after UNLINK the rest is allowed. 1 if it is set.
if ARGV[1] ~= '' then
  local time = server_time()
  if tonumber(time) > tonumber(ARGV[1]) then
    return 'L' .. time
  end
end
if ARGV[4] ~= 'replace' and redis.call('EXISTS', KEYS[1]) == 1 then
  return 0
end
redis.call('UNLINK', KEYS[1])
if ARGV[3] == '0' then
  redis.call('SET', KEYS[1], ARGV[2])
else
  redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
end
return 1
