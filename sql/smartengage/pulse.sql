create or replace function smartengage.pulse(p_at timestamptz, p_share double precision)
  returns table (
    customer_id uuid, service_id uuid, visits bigint, first_day date, day date, last_at timestamptz, next_day date,
    center double precision, spread double precision, surprise double precision, class int, week_class int)
language sql stable parallel safe
begin atomic
  with usual as materialized (
    select * from smartengage.usual(p_at))
  select r.customer_id, r.service_id, r.visits, r.first_day, r.day, r.last_at, r.next_day,
         c.center,
         s.spread,
         r.log_gaps[cardinality(r.log_gaps)] - c.center,
         width_bucket(s.spread, array[0.08, 0.12, 0.18, 0.27, 0.4, 0.6, 0.9]::double precision[])
           + 8 * width_bucket(r.visits, array[3, 5, 10]::bigint[]),
         width_bucket((r.whole_weeks + 2 * e.whole_weeks) / (r.visits + 1), array[0.22, 0.35, 0.5, 0.65, 0.8]::double precision[])
    from smartengage.rhythm(p_at, p_share) r
    join usual e on e.service_id is null
    left join usual o on o.service_id = r.service_id
   cross join lateral (select cardinality(r.log_gaps)::double precision as gaps) n
   cross join lateral (
     select percentile_cont(0.5) within group (order by g) as median from unnest(r.log_gaps) as g) m
   cross join lateral (
     -- 1.25 mean absolute deviations = a standard deviation; mixed with half the usual variance as one more gap
     select 2.5 * (sum(abs(g - m.median)) + sqrt(e.variance / 2)) / (n.gaps + 0.25) as bound from unnest(r.log_gaps) as g) b
   cross join lateral (
     select m.median + avg(least(greatest(g - m.median, - b.bound), b.bound)) as location from unnest(r.log_gaps) as g) l
   cross join lateral (
     select sqrt((sum(least(abs(g - l.location), b.bound) ^ 2) + e.variance) / (n.gaps + 1)) as spread from unnest(r.log_gaps) as g) s
   cross join lateral (
     select least(greatest(s.spread ^ 2 / e.between_people, 0.02), 20) as weight) w
   cross join lateral (
     select (n.gaps * l.location + w.weight * coalesce(o.mean_log, e.mean_log)) / (n.gaps + w.weight) as center) c
   where r.visits >= 2;
end;

comment on function smartengage.pulse(timestamptz, double precision) is
  'At each visit from the second on: center = expected ln(gap) and spread = its standard deviation. Both are Huber''s one-step estimates '
  'from the median (a skipped visit counts as two standard deviations, not as a rhythm twice as long), mixed with what is usual: a regular person is believed after '
  'two gaps, an irregular one after many (weight = own variance / variance between people; Bühlmann''s credibility). surprise = '
  'ln(the last gap) - center. class 0 to 31 = how '
  'regular (8 steps of spread) and how well known (2, 3 to 4, 5 to 9, 10 and more visits); week_class 0 to 5 = how much the person keeps '
  'to one weekday.';
