-- KEYS: head, entry. 1 if there is a live entry; the value stays where it is.
local generation = read_head(KEYS[1])
local version, _, kind, deadline = read_frame(redis.pcall('GETRANGE', KEYS[2], 0, 68), generation)
if version and (kind == 'n' or deadline > tonumber(server_time())) then
  return 1
end
return 0
