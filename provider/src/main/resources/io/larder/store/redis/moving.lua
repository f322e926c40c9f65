-- moves the deadline of a live entry in place; PEXPIRE first, so that a full Redis allows the rest.
-- A deadline that comes nearer is news for those who hold a copy: a new sequence, and a message.
local function move_deadline(head, entry, time, was, ttl, bound, grace, channel)
  local now = tonumber(time)
  local kind, deadline, px = lifetime(now, ttl, bound, grace)
  if px then
    redis.call('PEXPIRE', entry, px)
  else
    redis.call('PERSIST', entry)
  end
  local moved = kind .. digits(deadline)
  redis.call('SETRANGE', entry, 52, moved)
  local generation, previous, horizon = read_head(head)
  local needed = horizon_for(now, px)
  if kind ~= 'n' and (not was or deadline < was) then
    local sequence = next_sequence(previous, time)
    write_head(head, generation .. sequence, horizon, needed)
    publish(channel, head, previous, sequence, { entry })
  elseif horizon ~= ZERO and (needed == 0 or needed > tonumber(horizon)) then
    write_head(head, generation .. previous, horizon, needed)
  end
  return moved
end
