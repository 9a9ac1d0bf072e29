create or replace function prediction.weekly_seasonal_index(p_at timestamptz)
  returns table (service_id uuid, week int, came double precision, expected double precision)
language sql stable parallel safe
begin atomic
  with known as materialized (
    select prediction.sample_fraction(p_at, 30000) as share, prediction.last_complete_day(p_at) as today),
  -- Each week that somebody had been away, by how many weeks it was then: cut off after a year, as few are left to learn from.
  away as materialized (
    select h.service_id, a.age,
           (k.today - (v.day + 7 * a.age + 4)) / 7 as week,
           count(*) as n,
           count(*) filter (where v.next_day <= v.day + 7 * a.age + 7) as came
      from known k
     cross join lateral prediction.visit_history(p_at, k.share) h
     cross join lateral (
       select h.days[i] as day, h.days[i + 1] as next_day from generate_series(1, cardinality(h.days)) as i) v
     cross join lateral generate_series(0, least((coalesce(v.next_day, k.today) - v.day - 1) / 7, 52)) as a(age)
     where v.day + 7 * a.age + 7 <= k.today
     group by 1, 2, 3),
  usual as (
    select a.service_id, a.age, sum(a.came) / sum(a.n) as rate
      from away a
     group by a.service_id, a.age)
  select a.service_id, a.week, sum(a.came)::double precision, sum(a.n * u.rate)::double precision
    from away a
    join usual u using (service_id, age)
   group by a.service_id, a.week;
end;

comment on function prediction.weekly_seasonal_index(timestamptz) is
  'Visits of each service in each week of the past (week = 0 for the last seven days before p_at) and how many were to be expected by how many weeks '
  'people had been away, were every week of the year alike. The ratio of both is the weeks'' standardized ratio (indirect standardization, '
  'Breslow and Day 1987): more new customers do not raise it, nor does it need two visits of anybody, so it is known from the first week on. '
  'Read from a share of the customers with about 30,000 visits.';
