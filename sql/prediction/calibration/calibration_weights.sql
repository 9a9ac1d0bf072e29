create or replace function prediction.calibration_weights(
  p_at timestamptz, p_gap_prior prediction.gap_prior, p_week_clocks double precision[], p_curves double precision[])
returns table (horizon int, weights double precision[])
language sql stable parallel safe
begin atomic
  with recursive example as materialized (
    select * from prediction.calibration_example(p_at, p_gap_prior, p_week_clocks, p_curves)
  ),
  fit as (
    select h.horizon, 0 as round, array[0, 1, 0, 0, 0, 0, 0]::double precision[] as b
    from (values (7), (14), (28)) as h (horizon)
    union all
    select
      f.horizon, f.round + 1,
      stats.solve_linear_system(
        array[
          [1 + s.h00, s.h01, s.h02, s.h03, s.h04, s.h05, s.h06],
          [s.h01, 10 + s.h11, s.h12, s.h13, s.h14, s.h15, s.h16],
          [s.h02, s.h12, 10 + s.h22, s.h23, s.h24, s.h25, s.h26],
          [s.h03, s.h13, s.h23, 10 + s.h33, s.h34, s.h35, s.h36],
          [s.h04, s.h14, s.h24, s.h34, 10 + s.h44, s.h45, s.h46],
          [s.h05, s.h15, s.h25, s.h35, s.h45, 10 + s.h55, s.h56],
          [s.h06, s.h16, s.h26, s.h36, s.h46, s.h56, 10 + s.h66]],
        array[s.z0, 10 + s.z1, s.z2, s.z3, s.z4, s.z5, s.z6])
    from fit f
    cross join lateral (
      select
        sum(w) as h00, sum(w * x1) as h01, sum(w * x2) as h02, sum(w * x3) as h03,
        sum(w * x4) as h04, sum(w * x5) as h05, sum(w * x6) as h06,
        sum(w * x1 * x1) as h11, sum(w * x1 * x2) as h12, sum(w * x1 * x3) as h13,
        sum(w * x1 * x4) as h14, sum(w * x1 * x5) as h15, sum(w * x1 * x6) as h16,
        sum(w * x2 * x2) as h22, sum(w * x2 * x3) as h23, sum(w * x2 * x4) as h24, sum(w * x2 * x5) as h25, sum(w * x2 * x6) as h26,
        sum(w * x3 * x3) as h33, sum(w * x3 * x4) as h34, sum(w * x3 * x5) as h35, sum(w * x3 * x6) as h36,
        sum(w * x4 * x4) as h44, sum(w * x4 * x5) as h45, sum(w * x4 * x6) as h46,
        sum(w * x5 * x5) as h55, sum(w * x5 * x6) as h56,
        sum(w * x6 * x6) as h66,
        sum(z) as z0, sum(z * x1) as z1, sum(z * x2) as z2, sum(z * x3) as z3,
        sum(z * x4) as z4, sum(z * x5) as z5, sum(z * x6) as z6
      from (
        select e.x1, e.x2, e.x3, e.x4, e.x5, e.x6, w.w, w.w * l.eta + e.weight * (e.y - p.p) as z
        from example e
        cross join lateral (
          select f.b[1] + f.b[2] * e.x1 + f.b[3] * e.x2 + f.b[4] * e.x3 + f.b[5] * e.x4 + f.b[6] * e.x5 + f.b[7] * e.x6 as eta
          offset 0
        ) l
        cross join lateral (select 1 / (1 + exp(- least(greatest(l.eta, -30), 30))) as p offset 0) p
        cross join lateral (select e.weight * greatest(p.p * (1 - p.p), 0.000001) as w offset 0) w
        where e.horizon = f.horizon
        union all
        -- A row of zeros keeps the sums from being null if there is no example.
        select 0, 0, 0, 0, 0, 0, 0, 0
      ) i
    ) s
    where f.round < 4
  ),
  predicted as (
    select
      e.horizon, e.service_id, e.periods_ago, e.weight, e.y,
      1 / (1 + exp(- least(greatest(
        f.b[1] + f.b[2] * e.x1 + f.b[3] * e.x2 + f.b[4] * e.x3 + f.b[5] * e.x4 + f.b[6] * e.x5 + f.b[7] * e.x6, -30), 30))) as p
    from example e
    join fit f on f.horizon = e.horizon and f.round = 4
  ),
  cell as (
    select
      p.horizon, p.service_id, p.periods_ago, min(p.weight) as weight, sum(p.weight * p.p) as expected,
      sum(p.weight * (p.y - p.p)) as residual, sum(p.weight * p.p * (1 - p.p)) as information
    from predicted p
    group by p.horizon, p.service_id, p.periods_ago
  ),
  service_offset as materialized (
    select o.horizon, o.service_id, o.log_odds_offset
    from prediction.service_offset(
      p_at,
      (
        select array_agg(
          row(c.horizon, c.service_id, c.periods_ago, c.weight, c.expected, c.residual, c.information)::prediction.calibration_cell
          order by c.horizon, c.service_id, c.periods_ago)
        from cell c
      )) o
  )
  select
    f.horizon,
    f.b || array(
      select coalesce(o.log_odds_offset, 0)
      from unnest((p_gap_prior).service_ids) with ordinality as s (service_id, position)
      left join service_offset o on o.horizon = f.horizon and o.service_id = s.service_id
      order by s.position)
  from fit f
  where f.round = 4;
end;

comment on function prediction.calibration_weights(timestamptz, prediction.gap_prior, double precision[], double precision[]) is
$$Corrections to the curves, fitted to prediction.calibration_example: one row per horizon (7, 14, 28 days).
weights 1 to 7: a logistic regression on 1, x1, …, x6, by four rounds of iteratively reweighted least squares.
A ridge of ten examples draws them to 0, 1, 0, 0, 0, 0, 0, so with little data the probability of the curve is unchanged.
weights 8 and on: for each of p_gap_prior.service_ids what is added to the log-odds (prediction.service_offset).$$;
