create or replace function stats.binomial_tail(p_hits bigint, p_sample bigint, p_rate double precision)
returns double precision
language sql immutable parallel safe
begin atomic
  select case
    when p_hits <= 0 then 1
    when p_rate >= 1 then 1
    when p_rate <= 0 then 0
    -- Not above what is expected: more likely than not, and no alarm asks how much.
    when p_hits <= p_sample * p_rate then 1
    else least(1, (
      select sum(exp(
        lgamma(p_sample + 1) - lgamma(i + 1) - lgamma(p_sample - i + 1)
        + i * ln(p_rate) + (p_sample - i) * ln(1 - p_rate)))
      -- Above the mean the terms only fall; ten deviations on, nothing is left that a double could add.
      from generate_series(
        p_hits,
        least(p_sample, p_hits + 50 + ceil(10 * sqrt(p_sample * p_rate * (1 - p_rate)))::bigint)) as i))
  end;
end;

comment on function stats.binomial_tail(bigint, bigint, double precision) is
$$How likely so many hits or more are in a sample, were this the true rate: P(X >= hits), X binomial, summed exactly; 1 where no more than expected are seen.
Below a, it says the same as: the one-sided lower Clopper-Pearson bound (confidence 1 - a) of the rate lies above p_rate (Clopper and Pearson, Biometrika 1934). Unlike Wilson's, that bound keeps its promise for rates as small as those of complaints.$$;
