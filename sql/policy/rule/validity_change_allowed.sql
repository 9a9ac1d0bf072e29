create or replace function policy.validity_change_allowed(p_before tstzrange, p_after tstzrange, p_at timestamptz)
returns boolean
language sql immutable parallel safe
return case
  when isempty(p_before) then isempty(p_after)
  -- Taken back: what has begun has been in force, and stays written.
  when isempty(p_after) then lower(p_before) > p_at
  when lower(p_before) is distinct from lower(p_after) then false
  else upper_inf(p_before)
       or (upper(p_before) > p_at and upper(p_after) between p_at and upper(p_before))
end;

comment on function policy.validity_change_allowed(tstzrange, tstzrange, timestamptz) is
$$Whether a validity may become another one at an instant: an open end is set, an end that is still to come is brought nearer, or what has not begun is taken back (empty). Nothing else about history changes.$$;
