create or replace function prediction.service_offset(p_at timestamptz, p_cells prediction.calibration_cell[])
  returns table (horizon int, service_id uuid, shift double precision)
language sql stable parallel safe
begin atomic
  with cell as materialized (
    select c.horizon, c.service_id, c.back, c.weight, c.expected, c.missed, c.information from unnest(p_cells) as c),
  -- 1. Lasting: services whose people come more or less readily than their rhythm says, one step of the fit towards it, as far as
  -- what was missed long ago (up to 20 weeks) had held by then, and what was missed by then holds now. A season does not hold.
  missed as (
    select c.horizon, c.service_id,
           sum(c.expected) as expected,
           sum(c.missed) / (sum(c.information) + 10) as step,
           sum(c.missed) filter (where c.back < 2) as now_missed,
           sum(c.information) filter (where c.back < 2) as now_information,
           sum(c.missed) filter (where c.back between 2 and 5) as then_missed,
           sum(c.information) filter (where c.back between 2 and 5) as then_information,
           sum(c.missed) filter (where c.back >= 6) / (sum(c.information) filter (where c.back >= 6) + 10) as long_ago,
           sum(c.missed) filter (where c.back >= 2) / (sum(c.information) filter (where c.back >= 2) + 10) as before
      from cell c
     group by c.horizon, c.service_id),
  held as (
    select m.horizon,
           greatest(least(coalesce(sum(m.before * m.now_missed) / (sum(m.before ^ 2 * m.now_information) + 1), 0),
                          coalesce(sum(m.long_ago * m.then_missed) / (sum(m.long_ago ^ 2 * m.then_information) + 1), 0), 1), 0) as share
      from missed m
     group by m.horizon),
  lasting as materialized (
    -- less what keeps the number of visits expected of all services together as it was
    select m.horizon, m.service_id,
           s.shift - ln(sum(m.expected * exp(s.shift)) over of_horizon / sum(m.expected) over of_horizon) as shift
      from missed m
      join held h using (horizon)
     cross join lateral (select least(greatest(h.share * m.step, -1), 1) as shift) s
    window of_horizon as (partition by m.horizon)),
  -- 2. Season: what the same weeks of the year before had to say, one week more on either side, as festivals move by eleven days.
  -- back = -1 is the time to come; before the first year is over nothing is found.
  week as materialized (
    select s.service_id, s.week, s.came, s.expected, max(s.week) over () as weeks from prediction.weekly_seasonal_index(p_at) s),
  year_ago as materialized (
    select o.horizon, w.service_id, o.back, ln((sum(w.came) + 10) / (sum(w.expected) + 10)) as x
      from (select h.horizon, b.back, case when b.back < 0 then 0 else h.horizon / 7 + 2 * b.back end as ago
              from (values (7), (14), (28)) as h(horizon)
             cross join generate_series(-1, 9) as b(back)) o
      join week w on w.week between 51 - o.horizon / 7 + o.ago and 52 + o.ago and 52 + o.ago < w.weeks
     group by o.horizon, w.service_id, o.back),
  told as (
    -- against the mean of a service, in which its rhythm and what lasts are
    select c.horizon, c.service_id, c.back, c.information,
           y.x - sum(y.x * c.information) over w / sum(c.information) over w as x,
           c.missed - c.information * sum(c.missed) over w / sum(c.information) over w as missed
      from cell c
      join year_ago y using (horizon, service_id, back)
     where c.information > 0
    window w as (partition by c.horizon, c.service_id)),
  repeats as (
    select t.horizon, prediction.shrunken_slope(array_agg(t.x), array_agg(t.missed), array_agg(t.information)) as share
      from told t
     group by t.horizon),
  seasonal as materialized (
    select y.horizon, y.service_id, y.back,
           least(greatest(r.share * (y.x - sum(y.x * c.information) over w / nullif(sum(c.information) over w, 0)), -1), 1) as shift
      from year_ago y
      join repeats r using (horizon)
      left join cell c using (horizon, service_id, back)
    window w as (partition by y.horizon, y.service_id)),
  -- 3. Trend: what was missed in the newest complete window goes on, as far as such went on before (pairs of windows that do not
  -- overlap), and half of that: damped, as trends turn (Gardner and McKenzie 1985).
  rest as materialized (
    select c.horizon, c.service_id, c.back, c.information,
           c.missed - c.information * (coalesce(l.shift, 0) + coalesce(s.shift, 0)) as missed,
           (c.missed - c.information * (coalesce(l.shift, 0) + coalesce(s.shift, 0))) / (c.information + 10 * c.weight) as step
      from cell c
      left join lasting l using (horizon, service_id)
      left join seasonal s using (horizon, service_id, back)),
  goes_on as (
    select r.horizon, 0.5 * prediction.shrunken_slope(array_agg(b.step), array_agg(r.missed), array_agg(r.information)) as share
      from rest r
      join rest b on b.horizon = r.horizon and b.service_id = r.service_id and b.back = r.back + greatest(r.horizon / 14, 1)
     group by r.horizon)
  select l.horizon, l.service_id,
         l.shift + coalesce(s.shift, 0) + coalesce(least(greatest(g.share * r.step, -1), 1), 0)
    from lasting l
    left join seasonal s on s.horizon = l.horizon and s.service_id = l.service_id and s.back = -1
    left join rest r on r.horizon = l.horizon and r.service_id = l.service_id and r.back = 0
    left join goes_on g on g.horizon = l.horizon;
end;

comment on function prediction.service_offset(timestamptz, prediction.calibration_cell[]) is
  'How much more or less readily people will come back to a service than prediction.calibration_weights says by its seven weights, to be added to '
  'the log-odds of each horizon (7, 14, 28 days): what lasts, what last year''s same weeks tell (prediction.weekly_seasonal_index), and what was last seen. '
  'Each is believed as far as it would have helped at the dates of the past (prediction.shrunken_slope), so all are 0 where services do not differ, where '
  'there is no season or less than about 14 months to see it in, and where nothing goes on. p_cells: how wrong it would have been.';
