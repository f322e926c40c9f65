-- KEYS: key. ARGV: value, milliseconds to stay (0 = for ever), whether it may replace another.
-- Sets the key, in a full Redis too: after UNLINK the rest is allowed. 1 if it is set.
if ARGV[3] ~= 'replace' and redis.call('EXISTS', KEYS[1]) == 1 then
  return 0
end
redis.call('UNLINK', KEYS[1])
if ARGV[2] == '0' then
  redis.call('SET', KEYS[1], ARGV[1])
else
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
end
return 1
