create or replace function prediction.recent_gaps(
  p_at timestamptz, p_share double precision, p_latest boolean, p_customer_id uuid default null)
  returns table (
    customer_id uuid, service_id uuid, visits int, first_day date, day date, last_at timestamptz, next_day date,
    log_gaps double precision[], median double precision, whole_weeks bigint)
language sql stable parallel safe
begin atomic
  select h.customer_id,
         h.service_id,
         v.visits,
         h.days[1],
         h.days[v.visits],
         case when v.visits = cardinality(h.days) then h.last_at end,
         h.days[v.visits + 1],
         g.log_gaps,
         g.median,
         g.whole_weeks
    from prediction.visit_history(p_at, p_share, p_customer_id) h
   cross join lateral generate_series(case when p_latest then greatest(cardinality(h.days), 2) else 2 end, cardinality(h.days)) as v(visits)
   cross join lateral (
     select array_agg(ln(d.days::double precision) order by i) as log_gaps,
            percentile_cont(0.5) within group (order by ln(d.days::double precision)) as median,
            count(*) filter (where d.days % 7 = 0) as whole_weeks
       from generate_series(greatest(v.visits - 12, 1), v.visits - 1) as i
      cross join lateral (select h.days[i + 1] - h.days[i] as days) d) g;
end;

comment on function prediction.recent_gaps(timestamptz, double precision, boolean, uuid) is
  'What was known at each visit from the second on about the rhythm of that customer and service: number of visits so far, ln of the last '
  'twelve gaps in days, their median, and how many of them were whole weeks. next_day is the visit that followed, null if none before '
  'p_at; last_at its instant, null where one followed. p_latest: only the last visit of each; p_share, p_customer_id: see prediction.visit_history. Logarithms, because people vary in '
  'proportion to their rhythm; twelve, because habits change.';
