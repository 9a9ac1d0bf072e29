create or replace function what_if.quiet_windows_by_group(
  p_user_ids uuid[], p_purpose text, p_from timestamptz, p_until timestamptz, p_changes jsonb,
  out kinds text[], out quiet tstzmultirange[], out tried tstzmultirange[], out was tstzmultirange[])
language sql stable parallel safe
begin atomic
  select array_agg(k.kind), array_agg(t.quiet + s.others), array_agg(t.quiet), array_agg(s.was)
  from (
    select distinct concat_ws('/', z.zone, p.quiet_from, p.quiet_until) as kind, z.zone, p.quiet_from, p.quiet_until
    from account.person p
    join account.person_zone z on z.user_id = p.user_id
    where p.user_id = any (p_user_ids)
  ) k
  cross join lateral (
    select what_if.tried_quiet_windows(p_changes, p_purpose, k.zone, p_from, p_until) as quiet offset 0
  ) t
  -- The widest of the campaigns' windows.
  cross join (
    select min(c.window_from) as window_from, max(c.window_until) as window_until from smartengage.campaign c
  ) w
  cross join lateral (
    select
      coalesce(range_agg(q.spell), '{}'::tstzmultirange) as was,
      coalesce(
        range_agg(q.spell) filter (where (q.quiet_period_id = (p_changes ->> 'instead_of')::uuid) is not true), '{}'::tstzmultirange)
      as others
    from outreach.quiet_windows(
      p_from, p_until, k.zone, p_purpose, k.quiet_from, k.quiet_until, w.window_from, w.window_until) q
  ) s;
end;

comment on function what_if.quiet_windows_by_group(uuid[], text, timestamptz, timestamptz, jsonb) is
$$When a replay lets nothing go, once for each kind of people (zone, own quiet hours), as arrays of the same order: all that is quiet, of it what p_changes tries (what_if.tried_quiet_windows), and all that was quiet.$$;
