create or replace function prediction.shrunken_slope(
  p_x double precision[], p_residual double precision[], p_information double precision[])
returns double precision
language sql immutable parallel safe
begin atomic
  with cell as (
    select c.x, c.residual, c.information
    from unnest(p_x, p_residual, p_information) as c (x, residual, information)
  ),
  slope as (
    select
      sum(c.x * c.residual) / (sum(c.x ^ 2 * c.information) + 10) as slope,
      sum(c.x ^ 2 * c.information) + 10 as information,
      count(*)::double precision as n
    from cell c
  )
  select case
    when s.n < 4 or s.slope <= 0 then 0
    else greatest(least(s.slope - v.variance / s.slope, 1), 0)
  end
  from slope s
  cross join lateral (
    select
      s.n / nullif(s.n - 1, 0) * sum((c.x * (c.residual - s.slope * c.x * c.information)) ^ 2) / s.information ^ 2 as variance
    from cell c
  ) v;
end;

comment on function prediction.shrunken_slope(double precision[], double precision[], double precision[]) is
$$How much of x is added to the log-odds, 0 to 1: the shrunken slope of residuals on x.
Over past cells (prediction.calibration_cell). slope: one step of a logistic regression with a ridge of ten examples.
Shrunken to slope * (1 - variance / slope²), at least 0 (positive-part shrinkage; James and Stein 1961).
variance: White's (1980) heteroscedasticity-consistent estimate, as the people of one cell share weather and holidays.
With fewer than four cells the error cannot be estimated: 0.$$;
