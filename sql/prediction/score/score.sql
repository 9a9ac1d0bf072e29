create or replace function prediction.score(p_at timestamptz, p_customer_id uuid default null)
  returns table (
    customer_id uuid, service_id uuid, p7 double precision, p14 double precision, p28 double precision,
    expected_at timestamptz, visits int, last_visit_at timestamptz, due_from timestamptz, due_until timestamptz,
    overdue_at timestamptz, lost_at timestamptz)
language sql stable parallel safe
begin atomic
  with known as materialized (
    select prediction.last_complete_day(p_at) as today, policy.default_zone() as zone),
  -- limit 1, though there are no two: with two for each, all that is predicted would be kept to be read twice.
  learned as materialized (
    select * from prediction.model_at(p_at, p_customer_id is not null) limit 1),
  correction as materialized (
    select array(select l.weights[1][i] from generate_series(1, 7) as i) as b7,
           array(select l.weights[2][i] from generate_series(1, 7) as i) as b14,
           array(select l.weights[3][i] from generate_series(1, 7) as i) as b28
      from learned l),
  shift as materialized (
    select u.service_id, l.weights[1][7 + u.place] as s7, l.weights[2][7 + u.place] as s14, l.weights[3][7 + u.place] as s28
      from learned l
     cross join lateral unnest((l.usual).service_ids) with ordinality as u(service_id, place)),
  curve as materialized (
    select c.class - 1 as class, array(select l.curves[c.class][i] from generate_series(1, 51) as i) as readings
      from learned l
     cross join generate_series(1, 32) as c(class)),
  week as materialized (
    select c.class - 1 as class, array(select l.weeks[c.class][i] from generate_series(1, 8) as i) as readings
      from learned l
     cross join generate_series(1, 6) as c(class)),
  -- offset 0, here and below: each step is worked out once, not at each mention of it, and kept nowhere.
  placed as (
    select p.customer_id, p.service_id, p.visits, p.day, p.last_at, p.center, p.spread, p.surprise, p.class, w.readings as week, d.days,
           ln(1 + greatest(k.today - p.first_day, 0)::double precision) as since_first,
           prediction.rhythm_phase(prediction.weekday_adjusted_days(w.readings, d.days), p.center) as now,
           prediction.rhythm_phase(prediction.weekday_adjusted_days(w.readings, d.days + 7), p.center) as in_7,
           prediction.rhythm_phase(prediction.weekday_adjusted_days(w.readings, d.days + 14), p.center) as in_14,
           prediction.rhythm_phase(prediction.weekday_adjusted_days(w.readings, d.days + 28), p.center) as in_28,
           d.days + d.ahead as horizon,
           coalesce(s.s7, 0) as s7, coalesce(s.s14, 0) as s14, coalesce(s.s28, 0) as s28,
           prediction.rhythm_phase(d.days + d.ahead, p.center) as at_horizon,
           prediction.rhythm_phase(2 * d.ahead, p.center) as far
      from known k
     cross join lateral prediction.rhythm_estimate(p_at, 1, true, (select l.usual from learned l), p_customer_id) p
      join week w on w.class = p.week_class
      left join shift s on s.service_id = p.service_id
     cross join lateral (select greatest(k.today - p.day, 0) as days, least(greatest(60, 1.5 * exp(p.center)), 1000)::int as ahead) d
    offset 0),
  weighed as (
    select p.customer_id, p.service_id, p.visits, p.day, p.last_at, p.days, p.center, p.week, c.readings as curve, l.now,
           p.horizon, r.back, r.far, r.pace,
           1 / (1 + exp(- (p.s7 + b.b7[1] + b.b7[2] * stats.log_odds_of_hazard(l.in_7 - l.now) + b.b7[3] * x.visits + b.b7[4] * x.days
                           + b.b7[5] * x.since_first + b.b7[6] * x.spread + b.b7[7] * p.surprise))) as p7,
           1 / (1 + exp(- (p.s14 + b.b14[1] + b.b14[2] * stats.log_odds_of_hazard(l.in_14 - l.now) + b.b14[3] * x.visits + b.b14[4] * x.days
                           + b.b14[5] * x.since_first + b.b14[6] * x.spread + b.b14[7] * p.surprise))) as p14,
           1 / (1 + exp(- (p.s28 + b.b28[1] + b.b28[2] * stats.log_odds_of_hazard(l.in_28 - l.now) + b.b28[3] * x.visits + b.b28[4] * x.days
                           + b.b28[5] * x.since_first + b.b28[6] * x.spread + b.b28[7] * p.surprise))) as p28
      from placed p
      join curve c using (class)
     cross join correction b
     cross join lateral (
       select prediction.cumulative_hazard_at(c.readings, p.now) as now,
              prediction.cumulative_hazard_at(c.readings, p.in_7) as in_7,
              prediction.cumulative_hazard_at(c.readings, p.in_14) as in_14,
              prediction.cumulative_hazard_at(c.readings, p.in_28) as in_28 offset 0) l
     cross join lateral (
       -- probability of coming back at all before the horizon
       select 1 - exp(f.pace * (l.now - prediction.cumulative_hazard_at(c.readings, p.at_horizon))) as back,
              1 - exp(- prediction.cumulative_hazard_at(c.readings, p.far)) as far,
              f.pace
         from (select exp(p.s28) as pace offset 0) f) r
     cross join lateral (
       select ln(p.visits::double precision) - 1.5 as visits, ln(1 + p.days::double precision) - 3.5 as days,
              p.since_first - 5 as since_first, ln(p.spread) + 1 as spread) x
    offset 0),
  dated as (
    select w.*,
           prediction.days_to_hazard(w.curve, w.week, w.center, array[
             w.now - ln(1 - 0.1 * w.back) / w.pace,
             w.now - ln(1 - 0.5 * w.back) / w.pace,
             w.now - ln(1 - 0.9 * w.back) / w.pace,
             - ln(1 - 0.8 * w.far),
             - ln(1 - 0.975 * w.far)]) as reached
      from weighed w
    offset 0),
  bounded as (
    select d.customer_id, d.service_id, d.visits, d.day, d.last_at, d.p7, d.p14, d.p28,
           d.day + least(greatest(d.reached[1], d.days + 1), d.horizon) as due_from,
           d.day + least(greatest(d.reached[2], d.days + 1), d.horizon) as expected,
           d.day + least(greatest(d.reached[3], d.days + 1), d.horizon) as due_until,
           d.day + least(d.reached[4], 2000) as overdue,
           d.day + least(greatest(d.reached[5], d.reached[4] + 1), 2001) as lost
      from dated d)
  select d.customer_id,
         d.service_id,
         least(greatest(d.p7, 0.0001), 0.9997),
         least(greatest(d.p7, d.p14, 0.0001), 0.9998),
         least(greatest(d.p7, d.p14, d.p28, 0.0001), 0.9999),
         greatest((d.expected + time '12:00') at time zone k.zone, p_at + interval '1 hour'),
         d.visits,
         d.last_at,
         greatest(d.due_from::timestamp at time zone k.zone, p_at),
         greatest((d.due_until + 1)::timestamp at time zone k.zone, p_at + interval '1 hour'),
         (d.overdue + 1)::timestamp at time zone k.zone,
         (d.lost + 1)::timestamp at time zone k.zone
    from bounded d
   cross join known k;
end;

comment on function prediction.score(timestamptz, uuid) is
  'Prediction of the next booking per customer and service with at least two visits before p_at: p7, p14, p28 = probability of a visit '
  'within 7, 14, 28 days; expected_at = noon of the median day if the person comes back; due_from, due_until = the central 80 % of days; '
  'overdue_at, lost_at = 80th and 97.5th percentile of the days from the last visit to the next. Uses nothing at or after p_at, learned '
  'figures included. p_customer_id: only of this one, from their bookings alone and the curves that are kept (prediction.model_at); no row where none are. A renewal model: prediction.rhythm_estimate tells the personal rhythm, prediction.hazard_curves how people come at each phase of '
  'theirs, prediction.calibration_weights sets both right by recency and experience, prediction.service_offset by service and season. '
  'prediction.backtest measures it.';
