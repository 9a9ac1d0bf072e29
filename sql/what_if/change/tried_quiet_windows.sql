create or replace function what_if.tried_quiet_windows(p_changes jsonb, p_purpose text, p_zone text, p_from timestamptz, p_until timestamptz)
returns tstzmultirange
language sql stable parallel safe
begin atomic
  select coalesce(range_agg(l.spell), '{}'::tstzmultirange)
  from jsonb_to_record(what_if.tried_quiet_period(p_changes)) as q (
    purpose text, weekday int, from_time time, until_time time, since timestamptz, until timestamptz)
  cross join lateral outreach.expand_local_window(
    p_from, p_until, p_zone, q.from_time, q.until_time, q.weekday, tstzrange(coalesce(q.since, p_from), q.until)) l
  where p_changes ? 'quiet_period'
    and coalesce(q.purpose, p_purpose) = p_purpose;
end;

comment on function what_if.tried_quiet_windows(jsonb, text, text, timestamptz, timestamptz) is
$$When the quiet period that p_changes tries (see what_if.comparison) would let nothing of a purpose go, in a zone; empty = it tries none.$$;
