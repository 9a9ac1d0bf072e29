create or replace function smartengage.correction(p_at timestamptz, p_weeks double precision[], p_curves double precision[])
  returns table (horizon int, weights double precision[])
language sql stable parallel safe
begin atomic
  with recursive known as materialized (
    select smartengage.share(p_at, 70000) as share, smartengage.today(p_at) as today),
  state as materialized (
    select p.visits, p.day, p.first_day, coalesce(p.next_day, date '9999-12-31') as next_day, p.center, p.spread, p.class, p.week_class,
           min(p.first_day) over () as beginning
      from known k
     cross join lateral smartengage.pulse(p_at, k.share) p),
  past as materialized (
    -- what would have been said at up to 10 dates, 14 days apart, whose outcome is known by now; weight: half every 60 days
    select h.horizon,
           s.next_day <= o.day + h.horizon as came,
           exp(-0.011552453 * 14 * b.back) as weight,
           s.visits, s.center, s.spread,
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
    select p.horizon, p.came, p.weight, p.visits, p.spread, p.days, p.since_first, c.readings,
           smartengage.phase(smartengage.elapsed(w.readings, p.days), p.center) as phase_now,
           smartengage.phase(smartengage.elapsed(w.readings, p.days + p.horizon), p.center) as phase_then
      from past p
      join week w on w.class = p.week_class
      join curve c on c.class = p.class),
  example as materialized (
    select p.horizon, p.weight, p.came::int::double precision as y,
           smartengage.log_odds(smartengage.level(p.readings, p.phase_then) - smartengage.level(p.readings, p.phase_now)) as x1,
           ln(p.visits::double precision) - 1.5 as x2,
           ln(1 + p.days::double precision) - 3.5 as x3,
           ln(1 + p.since_first::double precision) - 5 as x4,
           ln(p.spread) + 1 as x5
      from placed p),
  fit as (
    select h.horizon, 0 as round, array[0, 1, 0, 0, 0, 0]::double precision[] as b
      from (values (7), (14), (28)) as h(horizon)
     union all
    select f.horizon, f.round + 1,
           smartengage.solve(
             array[[h00 + 1, h01, h02, h03, h04, h05],
                   [h01, h11 + 10, h12, h13, h14, h15],
                   [h02, h12, h22 + 10, h23, h24, h25],
                   [h03, h13, h23, h33 + 10, h34, h35],
                   [h04, h14, h24, h34, h44 + 10, h45],
                   [h05, h15, h25, h35, h45, h55 + 10]],
             array[s.z0, s.z1 + 10, s.z2, s.z3, s.z4, s.z5])
      from fit f
     cross join lateral (
       select coalesce(sum(w), 0) as h00, coalesce(sum(w * x1), 0) as h01, coalesce(sum(w * x2), 0) as h02, coalesce(sum(w * x3), 0) as h03,
              coalesce(sum(w * x4), 0) as h04, coalesce(sum(w * x5), 0) as h05,
              coalesce(sum(w * x1 * x1), 0) as h11, coalesce(sum(w * x1 * x2), 0) as h12, coalesce(sum(w * x1 * x3), 0) as h13,
              coalesce(sum(w * x1 * x4), 0) as h14, coalesce(sum(w * x1 * x5), 0) as h15,
              coalesce(sum(w * x2 * x2), 0) as h22, coalesce(sum(w * x2 * x3), 0) as h23, coalesce(sum(w * x2 * x4), 0) as h24,
              coalesce(sum(w * x2 * x5), 0) as h25,
              coalesce(sum(w * x3 * x3), 0) as h33, coalesce(sum(w * x3 * x4), 0) as h34, coalesce(sum(w * x3 * x5), 0) as h35,
              coalesce(sum(w * x4 * x4), 0) as h44, coalesce(sum(w * x4 * x5), 0) as h45,
              coalesce(sum(w * x5 * x5), 0) as h55,
              coalesce(sum(z), 0) as z0, coalesce(sum(z * x1), 0) as z1, coalesce(sum(z * x2), 0) as z2, coalesce(sum(z * x3), 0) as z3,
              coalesce(sum(z * x4), 0) as z4, coalesce(sum(z * x5), 0) as z5
         from (
           select e.x1, e.x2, e.x3, e.x4, e.x5, w.w, w.w * l.eta + e.weight * (e.y - p.p) as z
             from example e
            cross join lateral (select f.b[1] + f.b[2] * e.x1 + f.b[3] * e.x2 + f.b[4] * e.x3 + f.b[5] * e.x4 + f.b[6] * e.x5 as eta offset 0) l
            cross join lateral (select 1 / (1 + exp(- least(greatest(l.eta, -30), 30))) as p offset 0) p
            cross join lateral (select e.weight * greatest(p.p * (1 - p.p), 0.000001) as w offset 0) w
            where e.horizon = f.horizon) i) s
     where f.round < 4)
  select f.horizon, f.b
    from fit f
   where f.round = 4;
end;

comment on function smartengage.correction(timestamptz, double precision[], double precision[]) is
  'What the curves do not see, learned from dates of the recent past whose outcome is known: per horizon (7, 14, 28 days) the six weights '
  'of a logistic regression on: 1, log-odds by the curve, ln visits - 1.5, ln(1 + days since the visit) - 3.5, ln(1 + days since the first visit) - 5, '
  'ln spread + 1. Four rounds of iteratively reweighted least squares with a ridge of ten examples that draws the weights to 0, 1, 0, 0, 0, 0: '
  'with little data the curve''s own probability stands.';
