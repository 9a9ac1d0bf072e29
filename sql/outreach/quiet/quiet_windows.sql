create or replace function outreach.quiet_windows(
  p_from timestamptz, p_until timestamptz, p_zone text, p_purpose text,
  p_quiet_from time, p_quiet_until time, p_window_from time, p_window_until time)
returns table (name text, quiet_range tstzrange, quiet_period_id uuid)
language sql stable parallel safe
begin atomic
  with span (name, from_time, until_time, isodow, during, quiet_period_id) as (
    select q.name, q.from_time, q.until_time, q.isodow, q.during, q.quiet_period_id
    from policy.quiet_period q
    where coalesce(q.purpose, p_purpose) = p_purpose
      and q.during && tstzrange(p_from, p_until)
    union all
    select 'own', p_quiet_from, p_quiet_until, null, tstzrange(null, null), null
    where p_quiet_from is not null
    union all
    -- For a campaign with a window, all outside the window is quiet.
    select 'window', p_window_until, p_window_from, null, tstzrange(null, null), null
    where p_window_from is not null
  )
  select s.name, l.quiet_range, s.quiet_period_id
  from span s
  cross join lateral outreach.expand_local_window(p_from, p_until, p_zone, s.from_time, s.until_time, s.isodow, s.during) l;
end;

comment on function outreach.quiet_windows(timestamptz, timestamptz, text, text, time, time, time, time) is
$$All quiet ranges between two instants, in a zone and for a purpose, one row each.
name: of the quiet period of policy, with its id; own = the person's own quiet hours (p_quiet_from null = none);
window = outside the campaign's window (p_window_from null = none).
Parts before p_from or after p_until may be included, and a range may be empty (outreach.expand_local_window).$$;
