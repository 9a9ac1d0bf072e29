create or replace function prediction.recent_gaps(
  p_at timestamptz, p_fraction double precision, p_latest_only boolean, p_customer_id uuid default null)
returns table (
  customer_id uuid, service_id uuid, visits int, first_visit_day date, visit_day date, last_at timestamptz, next_visit_day date,
  log_gaps double precision[], median double precision, whole_weeks bigint)
language sql stable parallel safe
begin atomic
  select
    h.customer_id, h.service_id, v.visits,
    h.days[1],
    h.days[v.visits],
    case when v.visits = cardinality(h.days) then h.last_at end,
    h.days[v.visits + 1],
    g.log_gaps, g.median, g.whole_weeks
  from prediction.visit_history(p_at, p_fraction, p_customer_id) h
  cross join lateral generate_series(
    case when p_latest_only then greatest(cardinality(h.days), 2) else 2 end, cardinality(h.days)) as v (visits)
  cross join lateral (
    select
      array_agg(ln(d.days::double precision) order by i) as log_gaps,
      percentile_cont(0.5) within group (order by ln(d.days::double precision)) as median,
      count(*) filter (where d.days % 7 = 0) as whole_weeks
    from generate_series(greatest(v.visits - 12, 1), v.visits - 1) as i
    cross join lateral (select h.days[i + 1] - h.days[i] as days) d
  ) g;
end;

comment on function prediction.recent_gaps(timestamptz, double precision, boolean, uuid) is
$$The gaps before each visit from the second on: one row per customer, service and visit.
visits: number of visits so far. log_gaps: ln of the last twelve gaps in days, oldest first; median: their median;
whole_weeks: how many of them are whole weeks. next_visit_day: the following visit, null if there is none before p_at.
last_at: instant of the visit, null if another visit follows.
p_latest_only: only the last visit of each customer and service. p_fraction, p_customer_id: see prediction.visit_history.
Logarithms, because gaps vary in proportion to the rhythm; twelve, because habits change.$$;
