create or replace function smartengage.correction(
  p_at timestamptz, p_usual smartengage.usual_gaps, p_weeks double precision[], p_curves double precision[])
  returns table (horizon int, weights double precision[])
language sql stable parallel safe
begin atomic
  with recursive known as materialized (
    select smartengage.share(p_at, 50000) as share, smartengage.today(p_at) as today),
  state as materialized (
    select p.visits, p.day, p.first_day, coalesce(p.next_day, date '9999-12-31') as next_day, p.center, p.spread, p.surprise, p.class, p.week_class,
           min(p.first_day) over () as beginning
      from known k
     cross join lateral smartengage.pulse(p_at, k.share, false, p_usual) p),
  past as materialized (
    -- what would have been said at up to 10 dates, 14 days apart, whose outcome is known by now; weight: half every 60 days
    select h.horizon,
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
    select p.horizon, p.came, p.weight, p.visits, p.spread, p.surprise, p.days, p.since_first, c.readings,
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
           ln(p.spread) + 1 as x5,
           p.surprise as x6
      from placed p),
  fit as (
    select h.horizon, 0 as round, array[0, 1, 0, 0, 0, 0, 0]::double precision[] as b
      from (values (7), (14), (28)) as h(horizon)
     union all
    select f.horizon, f.round + 1,
           smartengage.solve(
             array[[1 + s.h00, s.h01, s.h02, s.h03, s.h04, s.h05, s.h06],
                   [s.h01, 10 + s.h11, s.h12, s.h13, s.h14, s.h15, s.h16],
                   [s.h02, s.h12, 10 + s.h22, s.h23, s.h24, s.h25, s.h26],
                   [s.h03, s.h13, s.h23, 10 + s.h33, s.h34, s.h35, s.h36],
                   [s.h04, s.h14, s.h24, s.h34, 10 + s.h44, s.h45, s.h46],
                   [s.h05, s.h15, s.h25, s.h35, s.h45, 10 + s.h55, s.h56],
                   [s.h06, s.h16, s.h26, s.h36, s.h46, s.h56, 10 + s.h66]],
             array[s.z0, 10 + s.z1, s.z2, s.z3, s.z4, s.z5, s.z6])
      from fit f
     cross join lateral (
       -- the row of zeros keeps the sums from being null where no example exists
       select sum(w) as h00, sum(w * x1) as h01, sum(w * x2) as h02, sum(w * x3) as h03, sum(w * x4) as h04, sum(w * x5) as h05, sum(w * x6) as h06,
              sum(w * x1 * x1) as h11, sum(w * x1 * x2) as h12, sum(w * x1 * x3) as h13, sum(w * x1 * x4) as h14, sum(w * x1 * x5) as h15, sum(w * x1 * x6) as h16,
              sum(w * x2 * x2) as h22, sum(w * x2 * x3) as h23, sum(w * x2 * x4) as h24, sum(w * x2 * x5) as h25, sum(w * x2 * x6) as h26,
              sum(w * x3 * x3) as h33, sum(w * x3 * x4) as h34, sum(w * x3 * x5) as h35, sum(w * x3 * x6) as h36,
              sum(w * x4 * x4) as h44, sum(w * x4 * x5) as h45, sum(w * x4 * x6) as h46,
              sum(w * x5 * x5) as h55, sum(w * x5 * x6) as h56,
              sum(w * x6 * x6) as h66,
              sum(z) as z0, sum(z * x1) as z1, sum(z * x2) as z2, sum(z * x3) as z3, sum(z * x4) as z4, sum(z * x5) as z5, sum(z * x6) as z6
         from (
           select e.x1, e.x2, e.x3, e.x4, e.x5, e.x6, w.w, w.w * l.eta + e.weight * (e.y - p.p) as z
             from example e
            cross join lateral (
              select f.b[1] + f.b[2] * e.x1 + f.b[3] * e.x2 + f.b[4] * e.x3 + f.b[5] * e.x4 + f.b[6] * e.x5 + f.b[7] * e.x6 as eta offset 0) l
            cross join lateral (select 1 / (1 + exp(- least(greatest(l.eta, -30), 30))) as p offset 0) p
            cross join lateral (select e.weight * greatest(p.p * (1 - p.p), 0.000001) as w offset 0) w
            where e.horizon = f.horizon
            union all
           select 0, 0, 0, 0, 0, 0, 0, 0) i) s
     where f.round < 4)
  select f.horizon, f.b
    from fit f
   where f.round = 4;
end;

comment on function smartengage.correction(timestamptz, smartengage.usual_gaps, double precision[], double precision[]) is
  'What the curves do not see, learned from dates of the recent past whose outcome is known: per horizon (7, 14, 28 days) the seven '
  'weights of a logistic regression on: 1, log-odds by the curve, ln visits - 1.5, ln(1 + days since the visit) - 3.5, ln(1 + days since '
  'the first visit) - 5, ln spread + 1, surprise. Four rounds of iteratively reweighted least squares with a ridge of ten examples that '
  'draws the weights to 0, 1, 0, 0, 0, 0, 0: with little data the curve''s own probability stands.';
