create or replace function outreach.best_send_times(
  p_user_ids uuid[], p_segments text[], p_from timestamptz, p_until timestamptz, p_purpose text,
  p_window_from time, p_window_until time)
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
      p.user_id, z.zone, p.quiet_from, p.quiet_until, coalesce(a.segment, 'all') as segment,
      concat_ws('/', z.zone, p.quiet_from, p.quiet_until) as kind
    from unnest(p_user_ids, p_segments) a (user_id, segment)
    join account.person p on p.user_id = a.user_id
    join account.person_zone z on z.user_id = a.user_id
  ),
  -- The open windows, cut at every hour, once per kind of person.
  allowed as materialized (
    select
      k.kind,
      array_agg(extract(hour from h.begins at time zone k.zone)::int order by h.begins, open_part) as hours,
      array_agg(open_part order by h.begins, open_part) as open_parts
    from (select distinct kind, zone, quiet_from, quiet_until from person) k
    cross join rule r
    cross join lateral (
      select range_agg(outreach.with_safety_margin(s, r.margin)) as times
      from unnest(
        tstzmultirange(tstzrange(p_from, p_until))
        - outreach.merged_quiet_windows(
          p_from, p_until, k.zone, p_purpose, k.quiet_from, k.quiet_until, p_window_from, p_window_until)) as s
    ) t
    cross join generate_series(date_trunc('hour', p_from), p_until, interval '1 hour') as h (begins)
    cross join lateral unnest(t.times * tstzmultirange(tstzrange(h.begins, h.begins + interval '1 hour'))) as open_part
    group by k.kind
  ),
  habit as materialized (
    select s.segment, array_agg(s.share order by s.local_hour) as share
    from outreach.hour_share s
    group by s.segment
  )
  select p.user_id, best.send_at
  from person p
  cross join rule r
  join allowed a on a.kind = p.kind
  left join habit s on s.segment = p.segment
  -- The person's own uses, as in outreach.app_use, in one small array: the rest is arithmetic within the row in any plan.
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
      -- Spread over the hour by the person's bucket, so that messages do not all go at its start.
      lower(h.open_part) + (upper(h.open_part) - lower(h.open_part)) * stats.bucket(p.user_id, 'minute') as send_at
    from unnest(a.hours, a.open_parts) as h (local_hour, open_part)
    cross join lateral (
      -- Smooths over adjacent hours. Counted within the array, as this runs for every hour of every person.
      select coalesce(
        0.5::double precision * cardinality(array_positions(used.hours, h.local_hour))
        + 0.25::double precision * cardinality(array_positions(used.hours, (h.local_hour + 1) % 24))
        + 0.25::double precision * cardinality(array_positions(used.hours, (h.local_hour + 23) % 24)), 0) as smoothed_uses
    ) f
    order by
      (f.smoothed_uses + r.prior_weight * coalesce(s.share[h.local_hour + 1], 1.0 / 24)) / (used.n + r.prior_weight) desc,
      lower(h.open_part)
    limit 1
  ) best;
end;

comment on function outreach.best_send_times(uuid[], text[], timestamptz, timestamptz, text, time, time) is
$$The best allowed instant between two instants for each person.
It lies in the local hour with the highest share of the person's own app use, smoothed over adjacent hours and shrunken to
the shares of their segment (outreach.hour_share) with weight hour.prior_weight (uses). Within the hour it is spread by the
person's bucket.
Quiet ranges and the last minutes before them (outreach.with_safety_margin) are excluded.
p_segments: the segment of each person, in the order of p_user_ids; null = all. p_window_from null = no window.
Result: no row for a person without any allowed time.$$;
