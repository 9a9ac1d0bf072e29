create or replace function prediction.hazard_curves(p_at timestamptz, p_gap_prior prediction.gap_prior)
returns table (week_clocks double precision[], curves double precision[])
language sql stable parallel safe
begin atomic
  with known as materialized (
    -- Materialized, so that the bookings are counted once and not at each reference.
    select prediction.sample_fraction(p_at, 100000) as fraction, prediction.last_complete_day(p_at) as today
  ),
  episode as materialized (
    select
      r.week_class, r.class, r.center,
      r.next_visit_day is not null as returned,
      coalesce(r.next_visit_day - r.visit_day, greatest(k.today - r.visit_day, 0)) as days
    from known k
    cross join lateral prediction.rhythm_estimate(p_at, k.fraction, false, p_gap_prior) r
  ),
  -- 1. Week clocks: gaps by their remainder modulo 7, shrunken to all classes with the weight of ten gaps.
  remainder as (
    select c.class, d.remainder, count(e.days) as n
    from generate_series(0, 5) as c (class)
    cross join generate_series(0, 6) as d (remainder)
    left join episode e on e.returned and e.week_class = c.class and e.days % 7 = d.remainder
    group by 1, 2
  ),
  pace as (
    select
      r.class, r.remainder,
      7 * (r.n + 10 * (sum(r.n) over (partition by r.remainder) + 2) / (sum(r.n) over () + 14))
        / (sum(r.n) over (partition by r.class) + 10) as pace
    from remainder r
  ),
  passed as (
    select
      p.class, k.days,
      coalesce(sum(p.pace) filter (where k.days > 0) over (partition by p.class order by k.days), 0) as passed
    from pace p
    join generate_series(0, 7) as k (days) on k.days % 7 = p.remainder
  ),
  week_clock as materialized (
    -- Shifted, so that the clock is right on average over the week.
    select p.class, array_agg((p.passed + o.ahead)::double precision order by p.days) as readings
    from passed p
    join (select p.class, avg(p.days - p.passed) as ahead from passed p where p.days < 7 group by 1) o using (class)
    group by p.class
  ),
  -- 2. Hazard of the next visit at each phase of the rhythm.
  ended as materialized (
    select
      e.class, e.returned,
      prediction.rhythm_phase(
        case
          when e.returned then (
            prediction.weekday_adjusted_days(w.readings, e.days - 1) + prediction.weekday_adjusted_days(w.readings, e.days)) / 2
          else prediction.weekday_adjusted_days(w.readings, e.days)
        end,
        e.center) as phase
    from episode e
    join week_clock w on w.class = e.week_class
  ),
  step as (
    select
      e.class, floor(e.phase)::int as step, count(*) as n, count(*) filter (where e.returned) as returned,
      sum(e.phase - floor(e.phase)) as part
    from ended e
    group by 1, 2
  ),
  risk as (
    select
      c.class, c.class % 8 as regularity, g.step, coalesce(s.returned, 0) as returned,
      coalesce(s.part, 0) + coalesce(sum(s.n) over (
        partition by c.class order by g.step desc rows between unbounded preceding and 1 preceding), 0) as risk
    from generate_series(0, 31) as c (class)
    cross join generate_series(0, 49) as g (step)
    left join step s on s.class = c.class and s.step = g.step
  ),
  prior as (
    select
      r.regularity, g.step,
      ln(0.1 + 0.9 / (1 + exp(1.7 * 0.15 * sinh(0.2 * (g.step - 25)) / r.spread)))
        - ln(0.1 + 0.9 / (1 + exp(1.7 * 0.15 * sinh(0.2 * (g.step - 24)) / r.spread))) as rate
    from unnest(array[0.06, 0.1, 0.15, 0.22, 0.33, 0.5, 0.73, 1.12]::double precision[]) with ordinality as r (spread, regularity)
    cross join generate_series(0, 49) as g (step)
  ),
  rate as (
    select
      r.class, r.step,
      (r.returned + 50 * (sum(r.returned) over alike + 10 * p.rate) / (sum(r.risk) over alike + 10)) / (r.risk + 50) as rate
    from risk r
    join prior p on p.regularity = r.regularity + 1 and p.step = r.step
    window alike as (partition by r.regularity, r.step)
  ),
  curve as (
    select r.class, array_prepend(0::double precision, array_agg(r.cumulative order by r.step)) as readings
    from (
      select r.class, r.step, sum(r.rate) over (partition by r.class order by r.step)::double precision as cumulative
      from rate r
    ) r
    group by r.class
  )
  select
    (select array_agg(w.readings order by w.class) from week_clock w),
    (select array_agg(c.readings order by c.class) from curve c);
end;

comment on function prediction.hazard_curves(timestamptz, prediction.gap_prior) is
$$Week clocks and hazard curves, fitted to all episodes (from a visit to the next one, or to p_at).
week_clocks: for each of the 6 week classes the 8 readings of its clock (prediction.weekday_adjusted_days).
curves: for each of the 32 classes of prediction.rhythm_estimate the cumulative hazard of the next visit at the 51 points of
prediction.rhythm_phase. The Nelson-Aalen estimate, shrunken to people of the same regularity (weight of 50 people), and these to a
log-logistic prior in which one in ten never returns (weight of 10), so that a class without data has a plausible curve.
People who left are included as episodes without an end: late phases get a low hazard, so no model of leaving is needed.
Read from a fraction of the customers with about 100,000 visits.$$;
