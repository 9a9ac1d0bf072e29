create or replace function policy.validity_change_allowed(p_old tstzrange, p_new tstzrange, p_at timestamptz)
returns boolean
language sql immutable parallel safe
return case
  when isempty(p_old) then isempty(p_new)
  -- Only a version that has not begun can be withdrawn.
  when isempty(p_new) then lower(p_old) > p_at
  when lower(p_old) is distinct from lower(p_new) then false
  else upper_inf(p_old)
       or (upper(p_old) > p_at and upper(p_new) between p_at and upper(p_old))
end;

comment on function policy.validity_change_allowed(tstzrange, tstzrange, timestamptz) is
$$Whether a validity range may be changed to another one at an instant.
Allowed: setting an open end, bringing a future end nearer, withdrawing a version that has not begun (empty range).$$;
