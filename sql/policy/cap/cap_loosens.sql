create or replace function policy.cap_loosens(p_old_max int, p_old_hours int, p_new_max int, p_new_hours int)
returns boolean
language sql immutable parallel safe
return case
  -- A cap of 0 blocks everything in any window, and no cap is looser than no limit.
  when p_new_max = 0 or p_old_max is null then false
  when p_new_max is null or p_new_max > p_old_max then true
  else p_new_hours < p_old_hours
end;

comment on function policy.cap_loosens(int, int, int, int) is
$$Whether a new cap allows a message that the old one blocks: more messages (null = no limit), or a shorter window.
More messages in a longer window, and fewer in a shorter one, count as looser: on some days they are.$$;
