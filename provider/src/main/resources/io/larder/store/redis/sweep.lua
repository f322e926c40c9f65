-- KEYS: head, entries. Deletes what is of another generation than the head at this moment;
-- answers how many entries that were.
local generation = read_head(KEYS[1])
local swept = 0
for i = 2, #KEYS do
  local frame = redis.pcall('GETRANGE', KEYS[i], 0, 19)
  if type(frame) == 'string' and frame ~= ''
      and (string.sub(frame, 1, 3) ~= 'LDR' or string.sub(frame, 5, 20) ~= generation) then
    local gone = redis.call('UNLINK', KEYS[i])
    swept = swept + (string.sub(frame, 1, 4) == 'LDRC' and 0 or gone)
  end
end
return swept
