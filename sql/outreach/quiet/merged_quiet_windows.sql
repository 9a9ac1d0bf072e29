create or replace function outreach.merged_quiet_windows(
  p_from timestamptz, p_until timestamptz, p_zone text, p_purpose text,
  p_quiet_from time, p_quiet_until time, p_window_from time, p_window_until time)
returns tstzmultirange
language sql stable parallel safe
begin atomic
  select coalesce(range_agg(q.quiet_range), '{}'::tstzmultirange)
  from outreach.quiet_windows(p_from, p_until, p_zone, p_purpose, p_quiet_from, p_quiet_until, p_window_from, p_window_until) q;
end;

comment on function outreach.merged_quiet_windows(timestamptz, timestamptz, text, text, time, time, time, time) is
$$When nothing may be sent between two instants, in a zone and for a purpose: outreach.quiet_windows merged into a multirange.
Parts before p_from or after p_until may be included.$$;
