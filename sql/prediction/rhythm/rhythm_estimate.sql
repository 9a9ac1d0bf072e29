create or replace function prediction.rhythm_estimate(
  p_at timestamptz, p_fraction double precision, p_latest_only boolean, p_gap_prior prediction.gap_prior,
  p_customer_id uuid default null)
returns table (
  customer_id uuid, service_id uuid, visits int, first_visit_day date, visit_day date, last_at timestamptz, next_visit_day date,
  center double precision, spread double precision, last_gap_deviation double precision, class int, week_class int)
language sql stable parallel safe
-- High row estimate, so that the other side of the join is hashed.
rows 1000000
begin atomic
  with service_prior as (
    select s.service_id, s.mean_log
    from unnest((p_gap_prior).service_ids, (p_gap_prior).mean_logs) as s (service_id, mean_log)
  )
  select
    r.customer_id, r.service_id, r.visits, r.first_visit_day, r.visit_day, r.last_at, r.next_visit_day,
    c.center,
    s.spread,
    r.log_gaps[n.gaps::int] - c.center,
    width_bucket(s.spread, array[0.08, 0.12, 0.18, 0.27, 0.4, 0.6, 0.9]::double precision[])
      + 8 * width_bucket(r.visits, array[3, 5, 10]),
    width_bucket(
      (r.whole_weeks + 2 * (p_gap_prior).whole_week_share) / (n.gaps + 2),
      array[0.22, 0.35, 0.5, 0.65, 0.8]::double precision[])
  from prediction.recent_gaps(p_at, p_fraction, p_latest_only, p_customer_id) r
  left join service_prior p on p.service_id = r.service_id
  cross join lateral (select cardinality(r.log_gaps)::double precision as gaps) n
  cross join lateral (
    -- 1.25 mean absolute deviations are a standard deviation. Half the prior variance counts as one more gap.
    select 2.5 * (sum(abs(g - r.median)) + sqrt((p_gap_prior).within_variance / 2)) / (n.gaps + 0.25) as bound
    from unnest(r.log_gaps) as g
  ) b
  cross join lateral (
    select r.median + avg(least(greatest(g - r.median, - b.bound), b.bound)) as location
    from unnest(r.log_gaps) as g
  ) l
  cross join lateral (
    select sqrt((sum(least(abs(g - l.location), b.bound) ^ 2) + (p_gap_prior).within_variance) / (n.gaps + 1)) as spread
    from unnest(r.log_gaps) as g
  ) s
  cross join lateral (
    select least(greatest(s.spread ^ 2 / (p_gap_prior).between_variance, 0.02), 20) as weight
  ) w
  cross join lateral (
    select (n.gaps * l.location + w.weight * coalesce(p.mean_log, (p_gap_prior).mean_log)) / (n.gaps + w.weight) as center
  ) c;
end;

comment on function prediction.rhythm_estimate(timestamptz, double precision, boolean, prediction.gap_prior, uuid) is
$$The personal rhythm at each visit from the second on: one row per customer, service and visit.
center: expected ln(gap in days); spread: its standard deviation. Both are Huber's one-step estimates from the median
(a skipped visit counts as two standard deviations, not as a doubled rhythm), shrunken to p_gap_prior. The weight of the prior is
own variance / variance between people (Bühlmann's credibility): two gaps of a regular person outweigh it, many of an irregular one.
last_gap_deviation: ln(last gap) - center.
class, 0 to 31: regularity (8 steps of spread) + 8 * experience (2, 3 to 4, 5 to 9, 10 and more visits).
week_class, 0 to 5: how strictly the person keeps to one weekday.
p_gap_prior: see prediction.gap_prior. p_fraction, p_latest_only, p_customer_id: see prediction.recent_gaps.$$;
