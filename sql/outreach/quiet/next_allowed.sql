create or replace function outreach.next_allowed(
  p_at timestamptz, p_zone text, p_purpose text,
  p_own_from time, p_own_until time, p_window_from time, p_window_until time)
returns timestamptz
language sql stable parallel safe
return coalesce(
  lower(outreach.next_stretch(p_at, p_zone, p_purpose, p_own_from, p_own_until, p_window_from, p_window_until)), 'infinity');

comment on function outreach.next_allowed(timestamptz, text, text, time, time, time, time) is
$$The first instant at or after p_at that is not quiet (outreach.next_stretch); infinity if there is none within 15 days.$$;
