create or replace function prediction.score(p_at timestamptz, p_customer_id uuid default null)
returns table (
  customer_id uuid, service_id uuid, p7 double precision, p14 double precision, p28 double precision,
  expected_at timestamptz, visits int, last_visit_at timestamptz, due_from timestamptz, due_until timestamptz,
  overdue_at timestamptz, lost_at timestamptz)
language sql stable parallel safe
begin atomic
  with known as materialized (
    select prediction.last_complete_day(p_at) as today, policy.default_zone() as zone
  ),
  -- limit 1 makes the row estimate 1; with 2 the planner would materialize the scores to rescan them.
  model as materialized (
    select * from prediction.model_at(p_at, p_customer_id is not null) limit 1
  ),
  weights as materialized (
    select
      array(select m.weights[1][i] from generate_series(1, 7) as i) as b7,
      array(select m.weights[2][i] from generate_series(1, 7) as i) as b14,
      array(select m.weights[3][i] from generate_series(1, 7) as i) as b28
    from model m
  ),
  service_offset as materialized (
    select
      s.service_id,
      m.weights[1][7 + s.position] as offset_7,
      m.weights[2][7 + s.position] as offset_14,
      m.weights[3][7 + s.position] as offset_28
    from model m
    cross join lateral unnest((m.gap_prior).service_ids) with ordinality as s (service_id, position)
  ),
  curve as materialized (
    select c.class - 1 as class, array(select m.curves[c.class][i] from generate_series(1, 51) as i) as readings
    from model m
    cross join generate_series(1, 32) as c (class)
  ),
  week_clock as materialized (
    select c.class - 1 as class, array(select m.week_clocks[c.class][i] from generate_series(1, 8) as i) as readings
    from model m
    cross join generate_series(1, 6) as c (class)
  ),
  -- offset 0, here and below, stops the planner from flattening: each step is computed once per row, without materializing.
  phased as (
    select
      r.customer_id, r.service_id, r.visits, r.visit_day, r.last_at, r.center, r.spread, r.last_gap_deviation, r.class,
      w.readings as week_clock, d.days,
      ln(1 + greatest(k.today - r.first_visit_day, 0)::double precision) as since_first,
      prediction.rhythm_phase(prediction.weekday_adjusted_days(w.readings, d.days), r.center) as phase_now,
      prediction.rhythm_phase(prediction.weekday_adjusted_days(w.readings, d.days + 7), r.center) as phase_7,
      prediction.rhythm_phase(prediction.weekday_adjusted_days(w.readings, d.days + 14), r.center) as phase_14,
      prediction.rhythm_phase(prediction.weekday_adjusted_days(w.readings, d.days + 28), r.center) as phase_28,
      d.days + d.ahead as horizon,
      coalesce(o.offset_7, 0) as offset_7, coalesce(o.offset_14, 0) as offset_14, coalesce(o.offset_28, 0) as offset_28,
      prediction.rhythm_phase(d.days + d.ahead, r.center) as phase_horizon,
      prediction.rhythm_phase(2 * d.ahead, r.center) as phase_far
    from known k
    cross join lateral prediction.rhythm_estimate(p_at, 1, true, (select m.gap_prior from model m), p_customer_id) r
    join week_clock w on w.class = r.week_class
    left join service_offset o on o.service_id = r.service_id
    cross join lateral (
      select greatest(k.today - r.visit_day, 0) as days, least(greatest(60, 1.5 * exp(r.center)), 1000)::int as ahead
    ) d
    offset 0
  ),
  weighted as (
    select
      p.customer_id, p.service_id, p.visits, p.visit_day, p.last_at, p.days, p.center, p.week_clock, c.readings as curve,
      h.now, p.horizon, r.p_return, r.p_return_far, r.hazard_ratio,
      1 / (1 + exp(- (
        p.offset_7 + b.b7[1] + b.b7[2] * stats.log_odds_of_hazard(h.in_7 - h.now) + b.b7[3] * x.visits + b.b7[4] * x.days
        + b.b7[5] * x.since_first + b.b7[6] * x.spread + b.b7[7] * p.last_gap_deviation))) as p7,
      1 / (1 + exp(- (
        p.offset_14 + b.b14[1] + b.b14[2] * stats.log_odds_of_hazard(h.in_14 - h.now) + b.b14[3] * x.visits + b.b14[4] * x.days
        + b.b14[5] * x.since_first + b.b14[6] * x.spread + b.b14[7] * p.last_gap_deviation))) as p14,
      1 / (1 + exp(- (
        p.offset_28 + b.b28[1] + b.b28[2] * stats.log_odds_of_hazard(h.in_28 - h.now) + b.b28[3] * x.visits + b.b28[4] * x.days
        + b.b28[5] * x.since_first + b.b28[6] * x.spread + b.b28[7] * p.last_gap_deviation))) as p28
    from phased p
    join curve c using (class)
    cross join weights b
    cross join lateral (
      select
        prediction.cumulative_hazard_at(c.readings, p.phase_now) as now,
        prediction.cumulative_hazard_at(c.readings, p.phase_7) as in_7,
        prediction.cumulative_hazard_at(c.readings, p.phase_14) as in_14,
        prediction.cumulative_hazard_at(c.readings, p.phase_28) as in_28
      offset 0
    ) h
    cross join lateral (
      -- p_return: probability of a return before the horizon. p_return_far: the same from the visit to twice the time ahead.
      select
        1 - exp(f.hazard_ratio * (h.now - prediction.cumulative_hazard_at(c.readings, p.phase_horizon))) as p_return,
        1 - exp(- prediction.cumulative_hazard_at(c.readings, p.phase_far)) as p_return_far,
        f.hazard_ratio
      from (select exp(p.offset_28) as hazard_ratio offset 0) f
    ) r
    cross join lateral (
      -- x2 to x5 of prediction.calibration_example
      select
        ln(p.visits::double precision) - 1.5 as visits,
        ln(1 + p.days::double precision) - 3.5 as days,
        p.since_first - 5 as since_first,
        ln(p.spread) + 1 as spread
    ) x
    offset 0
  ),
  dated as (
    select
      w.*,
      prediction.days_to_hazard(w.curve, w.week_clock, w.center, array[
        w.now - ln(1 - 0.1 * w.p_return) / w.hazard_ratio,
        w.now - ln(1 - 0.5 * w.p_return) / w.hazard_ratio,
        w.now - ln(1 - 0.9 * w.p_return) / w.hazard_ratio,
        - ln(1 - 0.8 * w.p_return_far),
        - ln(1 - 0.975 * w.p_return_far)]) as percentile_days
    from weighted w
    offset 0
  ),
  bounded as (
    select
      d.customer_id, d.service_id, d.visits, d.last_at, d.p7, d.p14, d.p28,
      d.visit_day + least(greatest(d.percentile_days[1], d.days + 1), d.horizon) as due_from,
      d.visit_day + least(greatest(d.percentile_days[2], d.days + 1), d.horizon) as expected,
      d.visit_day + least(greatest(d.percentile_days[3], d.days + 1), d.horizon) as due_until,
      d.visit_day + least(d.percentile_days[4], 2000) as overdue,
      d.visit_day + least(greatest(d.percentile_days[5], d.percentile_days[4] + 1), 2001) as lost
    from dated d
  )
  select
    b.customer_id,
    b.service_id,
    least(greatest(b.p7, 0.0001), 0.9997),
    least(greatest(b.p7, b.p14, 0.0001), 0.9998),
    least(greatest(b.p7, b.p14, b.p28, 0.0001), 0.9999),
    greatest((b.expected + time '12:00') at time zone k.zone, p_at + interval '1 hour'),
    b.visits,
    b.last_at,
    greatest(b.due_from::timestamp at time zone k.zone, p_at),
    greatest((b.due_until + 1)::timestamp at time zone k.zone, p_at + interval '1 hour'),
    (b.overdue + 1)::timestamp at time zone k.zone,
    (b.lost + 1)::timestamp at time zone k.zone
  from bounded b
  cross join known k;
end;

comment on function prediction.score(timestamptz, uuid) is
$$The predicted next booking of each customer and service with at least two visits before p_at.
p7, p14, p28: probability of a visit within 7, 14, 28 days.
expected_at: noon of the median day, if the person returns; due_from, due_until: the central 80 % of days.
overdue_at, lost_at: 80th and 97.5th percentile of the days from the last visit to the next.
Uses nothing at or after p_at, also for the model (prediction.model_at).
p_customer_id: only this customer, from their own bookings and the stored model; no row if no stored model is valid.
A renewal model: prediction.rhythm_estimate gives the personal rhythm, prediction.hazard_curves the hazard at each phase of it;
prediction.calibration_weights corrects for recency and experience, prediction.service_offset for service and season.
prediction.backtest measures its accuracy.$$;
