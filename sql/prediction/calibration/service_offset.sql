create or replace function prediction.service_offset(p_at timestamptz, p_cells prediction.calibration_cell[])
returns table (horizon int, service_id uuid, log_odds_offset double precision)
language sql stable parallel safe
begin atomic
  with cell as materialized (
    select c.horizon, c.service_id, c.periods_ago, c.weight, c.expected, c.residual, c.information
    from unnest(p_cells) as c
  ),
  -- 1. Lasting: one step of the fit towards the residuals of a service, times their persistence. That is the lower of two slopes:
  -- of residuals of periods 2 to 5 on those before them, and of residuals of periods 0 and 1 on those before them.
  -- A seasonal deviation reverses, so its persistence is low.
  residual as (
    select
      c.horizon, c.service_id,
      sum(c.expected) as expected,
      sum(c.residual) / (sum(c.information) + 10) as step,
      sum(c.residual) filter (where c.periods_ago < 2) as recent_residual,
      sum(c.information) filter (where c.periods_ago < 2) as recent_information,
      sum(c.residual) filter (where c.periods_ago between 2 and 5) as earlier_residual,
      sum(c.information) filter (where c.periods_ago between 2 and 5) as earlier_information,
      -- The steps as they were before these residuals.
      sum(c.residual) filter (where c.periods_ago >= 6)
        / (sum(c.information) filter (where c.periods_ago >= 6) + 10) as earlier_step,
      sum(c.residual) filter (where c.periods_ago >= 2)
        / (sum(c.information) filter (where c.periods_ago >= 2) + 10) as recent_step
    from cell c
    group by c.horizon, c.service_id
  ),
  persistence as (
    select
      r.horizon,
      greatest(
        least(
          coalesce(sum(r.recent_step * r.recent_residual) / (sum(r.recent_step ^ 2 * r.recent_information) + 1), 0),
          coalesce(sum(r.earlier_step * r.earlier_residual) / (sum(r.earlier_step ^ 2 * r.earlier_information) + 1), 0),
          1),
        0) as weight
    from residual r
    group by r.horizon
  ),
  lasting as materialized (
    -- Shifted, so that the expected visits of all services together stay the same.
    select
      r.horizon, r.service_id,
      s.log_odds - ln(sum(r.expected * exp(s.log_odds)) over of_horizon / sum(r.expected) over of_horizon) as log_odds
    from residual r
    join persistence p using (horizon)
    cross join lateral (select least(greatest(p.weight * r.step, -1), 1) as log_odds) s
    window of_horizon as (partition by r.horizon)
  ),
  -- 2. Season: the index of the same weeks a year earlier, and of one more week on either side, as festivals move by eleven days.
  -- periods_ago = -1 is the future. In the first year of the log there are no rows.
  week as materialized (
    select s.service_id, s.weeks_ago, s.observed, s.expected, max(s.weeks_ago) over () as weeks
    from prediction.weekly_seasonal_index(p_at) s
  ),
  year_ago as materialized (
    select o.horizon, w.service_id, o.periods_ago, ln((sum(w.observed) + 10) / (sum(w.expected) + 10)) as x
    from (
      select h.horizon, b.periods_ago, case when b.periods_ago < 0 then 0 else h.horizon / 7 + 2 * b.periods_ago end as ago
      from (values (7), (14), (28)) as h (horizon)
      cross join generate_series(-1, 9) as b (periods_ago)
    ) o
    join week w on w.weeks_ago between 51 - o.horizon / 7 + o.ago and 52 + o.ago and 52 + o.ago < w.weeks
    group by o.horizon, w.service_id, o.periods_ago
  ),
  centered as (
    -- Relative to the mean of the service, which its rhythm and its lasting offset explain.
    select
      c.horizon, c.service_id, c.periods_ago, c.information,
      y.x - sum(y.x * c.information) over w / sum(c.information) over w as x,
      c.residual - c.information * sum(c.residual) over w / sum(c.information) over w as residual
    from cell c
    join year_ago y using (horizon, service_id, periods_ago)
    where c.information > 0
    window w as (partition by c.horizon, c.service_id)
  ),
  season_weight as (
    select c.horizon, prediction.shrunken_slope(array_agg(c.x), array_agg(c.residual), array_agg(c.information)) as weight
    from centered c
    group by c.horizon
  ),
  seasonal as materialized (
    select
      y.horizon, y.service_id, y.periods_ago,
      least(greatest(
        s.weight * (y.x - sum(y.x * c.information) over w / nullif(sum(c.information) over w, 0)), -1), 1) as log_odds
    from year_ago y
    join season_weight s using (horizon)
    left join cell c using (horizon, service_id, periods_ago)
    window w as (partition by y.horizon, y.service_id)
  ),
  -- 3. Trend: half of the step towards the residual of the newest complete window, times its weight: the slope of earlier residuals
  -- on those of the window before them (disjoint windows). Half, as a damped trend (Gardner and McKenzie 1985).
  remainder as materialized (
    select
      c.horizon, c.service_id, c.periods_ago, c.information,
      c.residual - c.information * (coalesce(l.log_odds, 0) + coalesce(s.log_odds, 0)) as residual,
      (c.residual - c.information * (coalesce(l.log_odds, 0) + coalesce(s.log_odds, 0))) / (c.information + 10 * c.weight) as step
    from cell c
    left join lasting l using (horizon, service_id)
    left join seasonal s using (horizon, service_id, periods_ago)
  ),
  trend_weight as (
    select
      r.horizon,
      0.5 * prediction.shrunken_slope(array_agg(b.step), array_agg(r.residual), array_agg(r.information)) as weight
    from remainder r
    join remainder b
      on b.horizon = r.horizon
     and b.service_id = r.service_id
     and b.periods_ago = r.periods_ago + greatest(r.horizon / 14, 1)
    group by r.horizon
  )
  select
    l.horizon, l.service_id,
    l.log_odds + coalesce(s.log_odds, 0) + coalesce(least(greatest(t.weight * r.step, -1), 1), 0)
  from lasting l
  left join seasonal s on s.horizon = l.horizon and s.service_id = l.service_id and s.periods_ago = -1
  left join remainder r on r.horizon = l.horizon and r.service_id = l.service_id and r.periods_ago = 0
  left join trend_weight t on t.horizon = l.horizon;
end;

comment on function prediction.service_offset(timestamptz, prediction.calibration_cell[]) is
$$What is added to the log-odds of a return, for each service and horizon (7, 14, 28 days).
prediction.calibration_weights corrects for all services alike; this is the rest. It is the sum of three parts:
lasting, season (prediction.weekly_seasonal_index of the year before) and trend. Each is weighted by how well it predicted
at past dates (persistence, prediction.shrunken_slope), and limited to -1 to 1; the lasting part is then shifted.
The parts are 0 or small if services do not differ, without a season or with less than about 14 months of data, and without a trend.
p_cells: residuals of the calibrated predictions.$$;
