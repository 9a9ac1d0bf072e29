create or replace function what_if.quiet_windows_by_group(
  p_user_ids uuid[], p_purpose text, p_from timestamptz, p_until timestamptz, p_tried what_if.tried_policy)
returns table (
  zone text, quiet_from time, quiet_until time, quiet tstzmultirange, tried tstzmultirange, recorded tstzmultirange)
language sql stable parallel safe
begin atomic
  select g.zone, g.quiet_from, g.quiet_until, t.tried + s.kept, t.tried, s.recorded
  from (
    select distinct z.zone, p.quiet_from, p.quiet_until
    from account.person p
    join account.person_zone z on z.user_id = p.user_id
    where p.user_id = any (p_user_ids)
  ) g
  cross join lateral (
    select what_if.tried_quiet_windows(p_tried, p_purpose, g.zone, p_from, p_until) as tried offset 0
  ) t
  cross join (
    select min(c.window_from) as window_from, max(c.window_until) as window_until from smartengage.campaign c
  ) w
  cross join lateral (
    select
      coalesce(range_agg(q.quiet_range), '{}'::tstzmultirange) as recorded,
      coalesce(
        range_agg(q.quiet_range) filter (where (q.quiet_period_id = (p_tried).instead_of) is not true),
        '{}'::tstzmultirange) as kept
    from outreach.quiet_windows(
      p_from, p_until, g.zone, p_purpose, g.quiet_from, g.quiet_until, w.window_from, w.window_until) q
  ) s;
end;

comment on function what_if.quiet_windows_by_group(uuid[], text, timestamptz, timestamptz, what_if.tried_policy) is
$$When nothing of a purpose is sent, one row for each group of people (time zone, own quiet hours).
quiet: in the replay; tried: the part of it that is added; recorded: in history. Campaigns count with their widest window.$$;
