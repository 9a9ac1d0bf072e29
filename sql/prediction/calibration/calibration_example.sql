create or replace function prediction.calibration_example(
  p_at timestamptz, p_gap_prior prediction.gap_prior, p_week_clocks double precision[], p_curves double precision[])
returns table (
  horizon int, service_id uuid, periods_ago int, weight double precision, y double precision,
  x1 double precision, x2 double precision, x3 double precision, x4 double precision, x5 double precision, x6 double precision)
language sql stable parallel safe
begin atomic
  with known as materialized (
    select prediction.sample_fraction(p_at, 50000) as fraction, prediction.last_complete_day(p_at) as today
  ),
  state as materialized (
    select
      r.service_id, r.visits, r.visit_day, r.first_visit_day, coalesce(r.next_visit_day, date '9999-12-31') as next_visit_day,
      r.center, r.spread, r.last_gap_deviation, r.class, r.week_class,
      min(r.first_visit_day) over () as first_day_of_all
    from known k
    cross join lateral prediction.rhythm_estimate(p_at, k.fraction, false, p_gap_prior) r
  ),
  past as materialized (
    -- Up to 10 dates, 14 days apart, whose outcome is known at p_at. The weight halves every 60 days.
    select
      h.horizon, s.service_id, b.periods_ago,
      s.next_visit_day <= o.day + h.horizon as returned,
      exp(-0.011552453 * 14 * b.periods_ago) as weight,
      s.visits, s.center, s.spread, s.last_gap_deviation,
      o.day - s.visit_day as days,
      o.day - s.first_visit_day as since_first,
      s.class, s.week_class
    from known k
    cross join state s
    cross join (values (7), (14), (28)) as h (horizon)
    cross join lateral generate_series(
      greatest(ceil((k.today - h.horizon - s.next_visit_day + 1) / 14.0), 0)::int,
      least(floor((k.today - h.horizon - greatest(s.visit_day, s.first_day_of_all + 25)) / 14.0), 9)::int) as b (periods_ago)
    cross join lateral (select k.today - h.horizon - 14 * b.periods_ago as day) o
  ),
  curve as materialized (
    select c.class - 1 as class, array(select p_curves[c.class][i] from generate_series(1, 51) as i) as readings
    from generate_series(1, 32) as c (class)
  ),
  week_clock as materialized (
    select c.class - 1 as class, array(select p_week_clocks[c.class][i] from generate_series(1, 8) as i) as readings
    from generate_series(1, 6) as c (class)
  ),
  phased as materialized (
    select
      p.horizon, p.service_id, p.periods_ago, p.returned, p.weight, p.visits, p.spread, p.last_gap_deviation, p.days, p.since_first,
      c.readings,
      prediction.rhythm_phase(prediction.weekday_adjusted_days(w.readings, p.days), p.center) as phase_now,
      prediction.rhythm_phase(prediction.weekday_adjusted_days(w.readings, p.days + p.horizon), p.center) as phase_then
    from past p
    join week_clock w on w.class = p.week_class
    join curve c on c.class = p.class
  )
  select
    p.horizon, p.service_id, p.periods_ago, p.weight, p.returned::int::double precision,
    stats.log_odds_of_hazard(
      prediction.cumulative_hazard_at(p.readings, p.phase_then) - prediction.cumulative_hazard_at(p.readings, p.phase_now)),
    ln(p.visits::double precision) - 1.5,
    ln(1 + p.days::double precision) - 3.5,
    ln(1 + p.since_first::double precision) - 5,
    ln(p.spread) + 1,
    p.last_gap_deviation
  from phased p;
end;

comment on function prediction.calibration_example(timestamptz, prediction.gap_prior, double precision[], double precision[]) is
$$Backtest predictions of the uncalibrated curves, for prediction.calibration_weights.
One row per customer, service, date and horizon.
Dates: up to ten before p_at, 14 days apart, whose outcome is known at p_at; periods_ago counts them backwards from 0.
horizon: 7, 14 or 28 days. y: 1 if a visit came within it, else 0.
x1 = log-odds by the curve, x2 = ln(visits) - 1.5, x3 = ln(1 + days since the visit) - 3.5,
x4 = ln(1 + days since the first visit) - 5, x5 = ln(spread) + 1, x6 = last_gap_deviation (prediction.rhythm_estimate).
weight halves every 60 days. Read from a fraction of the customers with about 50,000 visits.$$;
