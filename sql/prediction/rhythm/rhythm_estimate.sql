create or replace function prediction.rhythm_estimate(
  p_at timestamptz, p_share double precision, p_latest boolean, p_usual prediction.gap_prior, p_customer_id uuid default null)
  returns table (
    customer_id uuid, service_id uuid, visits int, first_day date, day date, last_at timestamptz, next_day date,
    center double precision, spread double precision, surprise double precision, class int, week_class int)
language sql stable parallel safe
-- Many: else what is joined to it is taken for the bigger side, and all of these are kept beside it.
rows 1000000
begin atomic
  with usual as (
    select u.service_id, u.mean_log
      from unnest((p_usual).service_ids, (p_usual).mean_logs) as u(service_id, mean_log))
  select r.customer_id, r.service_id, r.visits, r.first_day, r.day, r.last_at, r.next_day,
         c.center,
         s.spread,
         r.log_gaps[n.gaps::int] - c.center,
         width_bucket(s.spread, array[0.08, 0.12, 0.18, 0.27, 0.4, 0.6, 0.9]::double precision[])
           + 8 * width_bucket(r.visits, array[3, 5, 10]),
         width_bucket((r.whole_weeks + 2 * (p_usual).whole_weeks) / (n.gaps + 2), array[0.22, 0.35, 0.5, 0.65, 0.8]::double precision[])
    from prediction.recent_gaps(p_at, p_share, p_latest, p_customer_id) r
    left join usual o on o.service_id = r.service_id
   cross join lateral (select cardinality(r.log_gaps)::double precision as gaps) n
   cross join lateral (
     -- 1.25 mean absolute deviations = a standard deviation; mixed with half the usual variance as one more gap
     select 2.5 * (sum(abs(g - r.median)) + sqrt((p_usual).variance / 2)) / (n.gaps + 0.25) as bound from unnest(r.log_gaps) as g) b
   cross join lateral (
     select r.median + avg(least(greatest(g - r.median, - b.bound), b.bound)) as location from unnest(r.log_gaps) as g) l
   cross join lateral (
     select sqrt((sum(least(abs(g - l.location), b.bound) ^ 2) + (p_usual).variance) / (n.gaps + 1)) as spread from unnest(r.log_gaps) as g) s
   cross join lateral (
     select least(greatest(s.spread ^ 2 / (p_usual).between_people, 0.02), 20) as weight) w
   cross join lateral (
     select (n.gaps * l.location + w.weight * coalesce(o.mean_log, (p_usual).mean_log)) / (n.gaps + w.weight) as center) c;
end;

comment on function prediction.rhythm_estimate(timestamptz, double precision, boolean, prediction.gap_prior, uuid) is
  'At each visit from the second on: center = expected ln(gap) and spread = its standard deviation. Both are Huber''s one-step estimates '
  'from the median (a skipped visit counts as two standard deviations, not as a rhythm twice as long), mixed with what is usual: a regular person is believed after '
  'two gaps, an irregular one after many (weight = own variance / variance between people; Bühlmann''s credibility). surprise = '
  'ln(the last gap) - center. class 0 to 31 = how '
  'regular (8 steps of spread) and how well known (2, 3 to 4, 5 to 9, 10 and more visits); week_class 0 to 5 = how much the person keeps '
  'to one weekday. p_usual: see prediction.gap_prior; p_share, p_latest, p_customer_id: see prediction.recent_gaps.';
