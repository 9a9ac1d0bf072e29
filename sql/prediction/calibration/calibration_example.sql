create or replace function prediction.calibration_example(
  p_at timestamptz, p_usual prediction.gap_prior, p_weeks double precision[], p_curves double precision[])
  returns table (
    horizon int, service_id uuid, back int, weight double precision, y double precision,
    x1 double precision, x2 double precision, x3 double precision, x4 double precision, x5 double precision, x6 double precision)
language sql stable parallel safe
begin atomic
  with known as materialized (
    select prediction.sample_fraction(p_at, 50000) as share, prediction.last_complete_day(p_at) as today),
  state as materialized (
    select p.service_id, p.visits, p.day, p.first_day, coalesce(p.next_day, date '9999-12-31') as next_day, p.center, p.spread, p.surprise, p.class, p.week_class,
           min(p.first_day) over () as beginning
      from known k
     cross join lateral prediction.rhythm_estimate(p_at, k.share, false, p_usual) p),
  past as materialized (
    -- what would have been said at up to 10 dates, 14 days apart, whose outcome is known by now; weight: half every 60 days
    select h.horizon, s.service_id, b.back,
           s.next_day <= o.day + h.horizon as came,
           exp(-0.011552453 * 14 * b.back) as weight,
           s.visits, s.center, s.spread, s.surprise,
           o.day - s.day as days,
           o.day - s.first_day as since_first,
           s.class, s.week_class
      from known k
     cross join state s
     cross join (values (7), (14), (28)) as h(horizon)
     cross join lateral generate_series(
       greatest(ceil((k.today - h.horizon - s.next_day + 1) / 14.0), 0)::int,
       least(floor((k.today - h.horizon - greatest(s.day, s.beginning + 25)) / 14.0), 9)::int) as b(back)
     cross join lateral (select k.today - h.horizon - 14 * b.back as day) o),
  curve as materialized (
    select c.class - 1 as class, array(select p_curves[c.class][i] from generate_series(1, 51) as i) as readings
      from generate_series(1, 32) as c(class)),
  week as materialized (
    select c.class - 1 as class, array(select p_weeks[c.class][i] from generate_series(1, 8) as i) as readings
      from generate_series(1, 6) as c(class)),
  placed as materialized (
    select p.horizon, p.service_id, p.back, p.came, p.weight, p.visits, p.spread, p.surprise, p.days, p.since_first, c.readings,
           prediction.rhythm_phase(prediction.weekday_adjusted_days(w.readings, p.days), p.center) as phase_now,
           prediction.rhythm_phase(prediction.weekday_adjusted_days(w.readings, p.days + p.horizon), p.center) as phase_then
      from past p
      join week w on w.class = p.week_class
      join curve c on c.class = p.class)
  select p.horizon, p.service_id, p.back, p.weight, p.came::int::double precision,
         stats.log_odds_of_hazard(prediction.cumulative_hazard_at(p.readings, p.phase_then) - prediction.cumulative_hazard_at(p.readings, p.phase_now)),
         ln(p.visits::double precision) - 1.5,
         ln(1 + p.days::double precision) - 3.5,
         ln(1 + p.since_first::double precision) - 5,
         ln(p.spread) + 1,
         p.surprise
    from placed p;
end;

comment on function prediction.calibration_example(timestamptz, prediction.gap_prior, double precision[], double precision[]) is
  'What the curves would have said at up to ten dates before p_at, 14 days apart (back = how many dates ago), whose outcome is known by '
  'then, for prediction.calibration_weights: a row per customer, service, date and horizon (7, 14, 28 days). y = 1 if the visit came within it; '
  'x1 = log-odds by the curve, x2 = ln visits - 1.5, x3 = ln(1 + days since the visit) - 3.5, x4 = ln(1 + days since the first visit) - 5, '
  'x5 = ln spread + 1, x6 = surprise; weight halves every 60 days. Read from a share of the customers with about 50,000 visits.';
