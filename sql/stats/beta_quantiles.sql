create or replace function stats.beta_quantiles(p_alpha double precision, p_beta double precision)
returns double precision[]
language sql immutable parallel safe
begin atomic
  with shape as (
    -- On the log-odds scale t the density is x^alpha (1-x)^beta, smooth for every alpha and beta. Its peak is at
    -- ln(alpha/beta), where a normal curve of variance 1/alpha + 1/beta fits; its tails fall like exp(alpha t) and exp(-beta t).
    select
      ln(p_alpha / p_beta) as peak,
      10 * sqrt(1 / p_alpha + 1 / p_beta) + 5 / p_alpha as below,
      10 * sqrt(1 / p_alpha + 1 / p_beta) + 5 / p_beta as above
  ),
  step as (
    -- Within what exp() can take: beyond it x is 0 or 1 to every digit.
    select s.n, greatest(-300, least(300, h.peak - h.below + (h.below + h.above) * (s.n - 0.5) / 800)) as t, h.peak
    from shape h
    cross join generate_series(1, 800) as s (n)
  ),
  weighed as (
    select s.n, 1 / (1 + exp(-s.t)) as x,
      exp(greatest(-700,
        p_alpha * (ln(1 + exp(-s.peak)) - ln(1 + exp(-s.t))) + p_beta * (ln(1 + exp(s.peak)) - ln(1 + exp(s.t))))) as weight
    from step s
  ),
  summed as (
    select w.x,
      200 * (sum(w.weight) over (order by w.n) - w.weight) / sum(w.weight) over () as before,
      200 * sum(w.weight) over (order by w.n) / sum(w.weight) over () as until
    from weighed w
  )
  select array_agg(s.x order by g.place)
  from summed s
  cross join lateral generate_series(floor(s.before + 0.5)::int + 1, floor(s.until + 0.5)::int) as g (place);
end;

comment on function stats.beta_quantiles(double precision, double precision) is
$$A Beta distribution as two hundred equally likely values, ascending: its quantiles at 0.25 %, 0.75 %, …, 99.75 %, by summing the density over 800 steps.
For p_alpha and p_beta above 0.$$;
