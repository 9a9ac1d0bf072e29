create or replace function smartengage.best_send_times(
  p_user_ids uuid[], p_from timestamptz, p_until timestamptz, p_purpose text, p_window_from time, p_window_until time)
returns table (user_id uuid, send_at timestamptz)
language sql stable parallel safe
begin atomic
  with rule as materialized (
    select
      policy.number('hour.prior_weight', p_from) as prior_weight,
      make_interval(mins => policy.number('quiet.margin', p_from)::int) as margin
  ),
  person as materialized (
    select
      p.user_id, z.zone, p.quiet_from, p.quiet_until, coalesce(c.segment, 'all') as segment,
      concat_ws('/', z.zone, p.quiet_from, p.quiet_until) as kind
    from account.person p
    join account.person_zone z on z.user_id = p.user_id
    left join smartengage.customer_segment c on c.user_id = p.user_id
    where p.user_id = any (p_user_ids)
  ),
  -- The allowed stretches by the hour, once for each kind of person.
  allowed as materialized (
    select
      k.kind,
      array_agg(extract(hour from h.begins at time zone k.zone)::int order by h.begins, stretch) as hours,
      array_agg(stretch order by h.begins, stretch) as stretches
    from (select distinct kind, zone, quiet_from, quiet_until from person) k
    cross join rule r
    cross join lateral (
      select range_agg(outreach.with_safety_margin(s, r.margin)) as times
      from unnest(
        tstzmultirange(tstzrange(p_from, p_until))
        - outreach.merged_quiet_windows(p_from, p_until, k.zone, p_purpose, k.quiet_from, k.quiet_until, p_window_from, p_window_until)) as s
    ) t
    cross join generate_series(date_trunc('hour', p_from), p_until, interval '1 hour') as h (begins)
    cross join lateral unnest(t.times * tstzmultirange(tstzrange(h.begins, h.begins + interval '1 hour'))) as stretch
    group by k.kind
  ),
  habit as materialized (
    select s.segment, array_agg(s.share order by s.local_hour) as share
    from smartengage.hour_share s
    group by s.segment
  )
  select p.user_id, best.send_at
  from person p
  cross join rule r
  join allowed a on a.kind = p.kind
  left join habit s on s.segment = p.segment
  -- The person's own uses as in outreach.app_use, and as one small array: everything below is arithmetic within the row, whatever the planner expects.
  cross join lateral (
    select array_agg(date_part('hour', u.used_at at time zone p.zone)::int) as hours, count(*) as n
    from (
      select b.created_at as used_at
      from market.booking b
      where b.customer_id = p.user_id
        and b.created_at < p_from
        and b.source <> 'admin'
      union all
      select e.happened_at
      from outreach.message m
      join outreach.message_event e on e.message_id = m.message_id
      where m.user_id = p.user_id
        and e.kind in ('opened', 'clicked')
        and not e.is_machine
        and e.happened_at < p_from
    ) u
  ) used
  cross join lateral (
    select
      -- Spread over the hour by a stable draw, so that nothing bursts on the hour.
      lower(h.stretch) + (upper(h.stretch) - lower(h.stretch)) * stats.bucket(p.user_id, 'minute') as send_at
    from unnest(a.hours, a.stretches) as h (local_hour, stretch)
    cross join lateral (
      -- An hour's neighbours speak for it too: people are not that punctual. Counted within the array, as this is asked of every hour of everybody.
      select coalesce(
        0.5::double precision * cardinality(array_positions(used.hours, h.local_hour))
        + 0.25::double precision * cardinality(array_positions(used.hours, (h.local_hour + 1) % 24))
        + 0.25::double precision * cardinality(array_positions(used.hours, (h.local_hour + 23) % 24)), 0) as felt
    ) f
    order by
      (f.felt + r.prior_weight * coalesce(s.share[h.local_hour + 1], 1.0 / 24)) / (used.n + r.prior_weight) desc,
      lower(h.stretch)
    limit 1
  ) best;
end;

comment on function smartengage.best_send_times(uuid[], timestamptz, timestamptz, text, time, time) is
$$The best allowed instant between two instants for each person: the hour with the highest share of their own app use, shrunken to their segment's (smartengage.hour_share) with the weight hour.prior_weight; quiet times and the last minutes before them (outreach.with_safety_margin) left out; spread within the hour.
Nobody without any allowed time is in the result.$$;
