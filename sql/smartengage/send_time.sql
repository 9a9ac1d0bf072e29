create or replace function smartengage.send_time(
  p_user_ids uuid[], p_from timestamptz, p_until timestamptz, p_purpose text, p_window_from time, p_window_until time)
returns table (user_id uuid, send_at timestamptz)
language sql stable
begin atomic
  with person as materialized (
    select p.user_id, account.person_zone(p.time_zone) as zone, p.quiet_from, p.quiet_until, coalesce(c.segment, 'all') as segment
    from account.person p
    left join smartengage.customer c on c.user_id = p.user_id
    where p.user_id = any (p_user_ids)
  ),
  -- The allowed stretch of each hour, once for each kind of person.
  allowed as materialized (
    select k.zone, k.quiet_from, k.quiet_until, extract(hour from h.begins at time zone k.zone)::int as local_hour, min(stretch) as stretch
    from (select distinct zone, quiet_from, quiet_until from person) k
    cross join lateral (
      select tstzmultirange(tstzrange(p_from, p_until))
             - outreach.quiet_times(p_from, p_until, k.zone, p_purpose, k.quiet_from, k.quiet_until, p_window_from, p_window_until) as times
    ) t
    cross join generate_series(date_trunc('hour', p_from), p_until, interval '1 hour') as h (begins)
    cross join lateral unnest(t.times * tstzmultirange(tstzrange(h.begins, h.begins + interval '1 hour'))) as stretch
    group by k.zone, k.quiet_from, k.quiet_until, h.begins
  ),
  used as (
    select u.customer_id as user_id, extract(hour from u.created_at at time zone p.zone)::int as local_hour, count(*) as n
    from person p
    join market.booking u on u.customer_id = p.user_id and u.created_at < p_from
    group by 1, 2
    union all
    select m.user_id, extract(hour from e.happened_at at time zone p.zone)::int, count(*)
    from person p
    join outreach.message m on m.user_id = p.user_id
    join outreach.event e on e.message_id = m.message_id and e.kind in ('opened', 'clicked') and not e.is_machine and e.happened_at < p_from
    group by 1, 2
  ),
  -- An hour's neighbours speak for it too: people are not that punctual.
  felt as (
    select u.user_id, (u.local_hour + d.shift + 24) % 24 as local_hour, sum(u.n * d.weight) as n
    from used u
    cross join (values (-1, 0.25), (0, 0.5), (1, 0.25)) as d (shift, weight)
    group by 1, 2
  ),
  total as (
    select u.user_id, sum(u.n) as n from used u group by u.user_id
  ),
  scored as (
    select
      p.user_id, a.stretch,
      (coalesce(f.n, 0) + policy.number('hour.prior_weight', p_from) * coalesce(s.share, 1.0 / 24))
        / (coalesce(t.n, 0) + policy.number('hour.prior_weight', p_from)) as score
    from person p
    join allowed a
      on a.zone = p.zone
     and (a.quiet_from, a.quiet_until) is not distinct from (p.quiet_from, p.quiet_until)
    left join felt f on f.user_id = p.user_id and f.local_hour = a.local_hour
    left join total t on t.user_id = p.user_id
    left join smartengage.hour_share s on s.segment = p.segment and s.local_hour = a.local_hour
  )
  select distinct on (s.user_id)
    s.user_id,
    -- Spread over the hour by a stable draw, so that nothing bursts on the hour.
    lower(s.stretch) + (upper(s.stretch) - lower(s.stretch)) * smartengage.share_of(s.user_id, 'minute')
  from scored s
  order by s.user_id, s.score desc, lower(s.stretch);
end;

comment on function smartengage.send_time(uuid[], timestamptz, timestamptz, text, time, time) is
$$The best allowed instant between two instants for each person: the hour with the highest share of their own app use, shrunken to their segment's (smartengage.hour_share) with the weight hour.prior_weight; quiet times left out; spread within the hour.
Nobody without any allowed time is in the result.$$;
