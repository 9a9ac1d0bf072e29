create or replace function what_if.tried_quiet_windows(
  p_tried what_if.tried_policy, p_purpose text, p_zone text, p_from timestamptz, p_until timestamptz)
returns tstzmultirange
language sql stable parallel safe
begin atomic
  select coalesce(range_agg(l.quiet_range), '{}'::tstzmultirange)
  from unnest((p_tried).quiet_periods) q
  cross join lateral outreach.expand_local_window(
    p_from, p_until, p_zone, q.from_time, q.until_time, q.weekday, tstzrange(coalesce(q.since, p_from), q.until)) l
  where coalesce(q.purpose, p_purpose) = p_purpose;
end;

comment on function what_if.tried_quiet_windows(what_if.tried_policy, text, text, timestamptz, timestamptz) is
$$When the quiet period that is added stops messages of a purpose, in a time zone; empty = none is added.$$;
