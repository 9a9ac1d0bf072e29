create or replace function outreach.merged_quiet_windows(
  p_from timestamptz, p_until timestamptz, p_zone text, p_purpose text,
  p_own_from time, p_own_until time, p_window_from time, p_window_until time)
returns tstzmultirange
language sql stable parallel safe
begin atomic
  select coalesce(range_agg(q.spell), '{}'::tstzmultirange)
  from outreach.quiet_windows(p_from, p_until, p_zone, p_purpose, p_own_from, p_own_until, p_window_from, p_window_until) q;
end;

comment on function outreach.merged_quiet_windows(timestamptz, timestamptz, text, text, time, time, time, time) is
$$When nothing may be sent between two instants, in a zone and for a purpose: outreach.quiet_windows as one.
Result: multirange of instants; parts before p_from or after p_until may be included.$$;
