create or replace function stats.chi_square_tail(p_x double precision, p_freedom int)
returns double precision
language sql immutable parallel safe
begin atomic
  select case
    when p_x <= 0 or p_freedom < 1 then 1
    else (p_freedom % 2) * erfc(sqrt(h.half)) + coalesce(sum(exp(k.place * ln(h.half) - h.half - lgamma(k.place + 1))), 0)
  end
  -- Beyond 1,400 the result underflows double precision, and exp() would raise an error.
  from (select least(p_x, 1400) / 2 as half) h
  left join lateral (
    select i + (p_freedom % 2) / 2.0::double precision as place
    from generate_series(0, p_freedom / 2 - 1) as i
  ) k on p_x > 0
  group by h.half;
end;

comment on function stats.chi_square_tail(double precision, int) is
$$Probability that a chi-square variable with p_freedom degrees of freedom exceeds p_x; 1 without a degree of freedom.
Source: closed form of the incomplete gamma function at halves, Abramowitz and Stegun 26.4.4 and 26.4.5.$$;
