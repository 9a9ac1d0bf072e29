create or replace function stats.binomial_tail(p_hits bigint, p_sample bigint, p_rate double precision)
returns double precision
language sql immutable parallel safe
begin atomic
  select case
    when p_hits <= 0 then 1
    when p_rate >= 1 then 1
    when p_rate <= 0 then 0
    -- Not above the expected value: no alarm needs the exact probability.
    when p_hits <= p_sample * p_rate then 1
    else least(1, (
      select sum(exp(
        lgamma(p_sample + 1) - lgamma(i + 1) - lgamma(p_sample - i + 1)
        + i * ln(p_rate) + (p_sample - i) * ln(1 - p_rate)))
      -- Above the mean the terms fall; beyond ten standard deviations they vanish in double precision.
      from generate_series(
        p_hits,
        least(p_sample, p_hits + 50 + ceil(10 * sqrt(p_sample * p_rate * (1 - p_rate)))::bigint)) as i))
  end;
end;

comment on function stats.binomial_tail(bigint, bigint, double precision) is
$$Probability of at least p_hits hits in p_sample trials at rate p_rate: P(X >= hits), X binomial, summed exactly.
1 if the hits do not exceed the expected value.
The result is below a exactly if the one-sided lower Clopper-Pearson bound (confidence 1 - a) is above p_rate.
Unlike Wilson's, that bound has at least nominal coverage for rates as small as those of complaints.
Source: Clopper and Pearson, Biometrika 1934.$$;
