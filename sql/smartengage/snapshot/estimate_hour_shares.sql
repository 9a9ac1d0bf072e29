create or replace function smartengage.estimate_hour_shares(p_at timestamptz)
returns table (segment text, local_hour int, share double precision)
language sql stable parallel safe
begin atomic
  with away as materialized (
    select z.user_id, z.zone
    from account.person_zone z
    where z.zone <> (select policy.default_zone())
  ),
  used as (
    select
      c.segment,
      date_part('hour', u.used_at at time zone coalesce(a.zone, (select policy.default_zone())))::int as local_hour,
      count(*) as n
    from outreach.app_use(p_at) u
    join smartengage.customer_segment c on c.user_id = u.user_id
    left join away a on a.user_id = u.user_id
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
  select
    g.segment, h.local_hour,
    (coalesce(s.n, 0) + 200 * (coalesce(a.n, 0) + 1) / (coalesce(ta.n, 0) + 24)) / (coalesce(t.n, 0) + 200)
  from (values ('all'), ('new'), ('repeat'), ('at_risk'), ('inactive')) as g (segment)
  cross join generate_series(0, 23) as h (local_hour)
  left join spread s on s.segment = g.segment and s.local_hour = h.local_hour
  left join spread a on a.segment = 'all' and a.local_hour = h.local_hour
  left join total t on t.segment = g.segment
  left join total ta on ta.segment = 'all';
end;

comment on function smartengage.estimate_hour_shares(timestamptz) is
$$How the app use before an instant spreads over the local hours of the customers: 24 rows per segment, and for all (segment all).
The shares of a segment sum to 1. A segment is shrunken to all with the weight of 200 uses, all to a uniform day with the weight
of 24, so that no hour has share 0.$$;
