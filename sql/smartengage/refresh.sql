create or replace function smartengage.refresh(p_at timestamptz)
returns int
language plpgsql volatile
set search_path = ''
as $$
declare
  v_profiles int;
begin
  -- One refresh at a time; a second one of the same instant finds it done.
  perform pg_advisory_xact_lock(hashtextextended('smartengage.refresh', 0));
  if exists (select from smartengage.customer c where c.as_of = p_at) then
    return (select count(*) from smartengage.profile p);
  end if;

  with fresh as (
    insert into smartengage.profile as p (
      user_id, service_id, as_of, visits, last_visit_at, p7, p14, p28, expected_at, due_from, due_until, overdue_at, lost_at)
    select
      s.customer_id, s.service_id, p_at, s.visits, s.last_visit_at, s.p7, s.p14, s.p28,
      s.expected_at, s.due_from, s.due_until, s.overdue_at, s.lost_at
    from smartengage.score(p_at) s
    on conflict (user_id, service_id) do update
    set as_of = excluded.as_of, visits = excluded.visits, last_visit_at = excluded.last_visit_at,
        p7 = excluded.p7, p14 = excluded.p14, p28 = excluded.p28, expected_at = excluded.expected_at,
        due_from = excluded.due_from, due_until = excluded.due_until,
        overdue_at = excluded.overdue_at, lost_at = excluded.lost_at
    returning 1
  )
  select count(*) into v_profiles from fresh;
  delete from smartengage.profile p where p.as_of <> p_at;

  insert into smartengage.customer as c (user_id, as_of, visits, first_visit_at, last_visit_at, segment, segment_version)
  select s.user_id, p_at, s.visits, s.first_visit_at, s.last_visit_at, s.segment, s.segment_version
  from smartengage.segmented(p_at) s
  on conflict (user_id) do update
  set as_of = excluded.as_of, visits = excluded.visits, first_visit_at = excluded.first_visit_at,
      last_visit_at = excluded.last_visit_at, segment = excluded.segment, segment_version = excluded.segment_version;

  delete from smartengage.hour_share h;
  insert into smartengage.hour_share (segment, local_hour, share, as_of)
  with used as (
    select c.segment, extract(hour from u.used_at at time zone policy.default_zone())::int as local_hour, count(*) as n
    from smartengage.app_use(p_at) u
    join smartengage.customer c on c.user_id = u.user_id
    group by 1, 2
  ),
  spread as (
    select coalesce(u.segment, 'all') as segment, u.local_hour, sum(u.n) as n
    from used u
    group by grouping sets ((u.segment, u.local_hour), (u.local_hour))
  ),
  total as (
    select s.segment, sum(s.n) as n from spread s group by s.segment
  )
  -- Segment shrunken to everybody with the weight of 200 uses; everybody to an even day with the weight of 24.
  select
    g.segment, h.local_hour,
    (coalesce(s.n, 0) + 200 * (coalesce(a.n, 0) + 1) / (coalesce(ta.n, 0) + 24)) / (coalesce(t.n, 0) + 200), p_at
  from (values ('all'), ('new'), ('repeat'), ('at_risk'), ('inactive')) as g (segment)
  cross join generate_series(0, 23) as h (local_hour)
  left join spread s on s.segment = g.segment and s.local_hour = h.local_hour
  left join spread a on a.segment = 'all' and a.local_hour = h.local_hour
  left join total t on t.segment = g.segment
  left join total ta on ta.segment = 'all';
  refresh materialized view concurrently smartengage.add_on_rate;
  return v_profiles;
end;
$$;

comment on function smartengage.refresh(timestamptz) is
$$Computes profiles, segments and habits of hour for one instant: smartengage.profile, smartengage.customer, smartengage.hour_share, smartengage.add_on_rate.
Result: profiles kept. Repeatable: the same instant gives the same rows.$$;
