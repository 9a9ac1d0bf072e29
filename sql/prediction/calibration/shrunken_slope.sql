create or replace function prediction.shrunken_slope(p_x double precision[], p_missed double precision[], p_information double precision[])
  returns double precision
language sql immutable parallel safe
begin atomic
  with cell as (
    select c.x, c.missed, c.information
      from unnest(p_x, p_missed, p_information) as c(x, missed, information)),
  slope as (
    select sum(c.x * c.missed) / (sum(c.x ^ 2 * c.information) + 10) as slope,
           sum(c.x ^ 2 * c.information) + 10 as information,
           count(*)::double precision as n
      from cell c)
  select case when s.n < 4 or s.slope <= 0 then 0
              else greatest(least(s.slope - v.variance / s.slope, 1), 0) end
    from slope s
   cross join lateral (
     select s.n / nullif(s.n - 1, 0) * sum((c.x * (c.missed - s.slope * c.x * c.information)) ^ 2) / s.information ^ 2 as variance
       from cell c) v;
end;

comment on function prediction.shrunken_slope(double precision[], double precision[], double precision[]) is
  'How much of x is to be added to the log-odds, 0 to 1, by what it told in cells of the past (prediction.calibration_cell): a step of a logistic '
  'regression of missed on x, with a ridge of ten examples, less as much of it as its error explains: slope * (1 - variance / slope²), '
  'none below 0 (positive-part shrinkage; James and Stein 1961). The variance is White''s (1980), of what the cells differ by in truth, as '
  'the people of one cell share weather and holidays. 0 with fewer than four cells: what cannot be told is not believed.';
