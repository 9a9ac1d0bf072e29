create or replace function prediction.weekly_seasonal_index(p_at timestamptz)
returns table (service_id uuid, weeks_ago int, observed double precision, expected double precision)
language sql stable parallel safe
begin atomic
  with known as materialized (
    select prediction.sample_fraction(p_at, 30000) as fraction, prediction.last_complete_day(p_at) as today
  ),
  -- A row for each week of an absence. Cut off after a year, as few people are absent for longer.
  absent as materialized (
    select
      h.service_id, a.age,
      (k.today - (v.day + 7 * a.age + 4)) / 7 as weeks_ago,
      count(*) as n,
      count(*) filter (where v.next_day <= v.day + 7 * a.age + 7) as returned
    from known k
    cross join lateral prediction.visit_history(p_at, k.fraction) h
    cross join lateral (
      select h.days[i] as day, h.days[i + 1] as next_day
      from generate_series(1, cardinality(h.days)) as i
    ) v
    cross join lateral generate_series(0, least((coalesce(v.next_day, k.today) - v.day - 1) / 7, 52)) as a (age)
    where v.day + 7 * a.age + 7 <= k.today
    group by 1, 2, 3
  ),
  by_age as (
    select a.service_id, a.age, sum(a.returned) / sum(a.n) as rate
    from absent a
    group by a.service_id, a.age
  )
  select a.service_id, a.weeks_ago, sum(a.returned)::double precision, sum(a.n * r.rate)::double precision
  from absent a
  join by_age r using (service_id, age)
  group by a.service_id, a.weeks_ago;
end;

comment on function prediction.weekly_seasonal_index(timestamptz) is
$$Observed and expected visits of each service in each past week: weeks_ago = 0 for the last seven days before p_at.
expected: from how many weeks each customer had been absent, if all weeks of the year were alike.
observed / expected is a standardized ratio (indirect standardization, Breslow and Day 1987): new customers do not raise it.
One visit of a customer is enough, so the index exists from the first week on.
Read from a fraction of the customers with about 30,000 visits.$$;
