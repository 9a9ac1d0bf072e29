create or replace function stats.beta_quantiles(p_alpha double precision, p_beta double precision)
returns double precision[]
language sql immutable parallel safe
begin atomic
  with shape as (
    -- On the log-odds scale t, the density x^alpha (1-x)^beta is smooth for every alpha and beta. Its peak is at
    -- ln(alpha/beta), with variance about 1/alpha + 1/beta; its tails fall like exp(alpha t) and exp(-beta t).
    select
      ln(p_alpha / p_beta) as peak,
      10 * sqrt(1 / p_alpha + 1 / p_beta) + 5 / p_alpha as below,
      10 * sqrt(1 / p_alpha + 1 / p_beta) + 5 / p_beta as above
  ),
  step as (
    -- Within the range of exp(): beyond it, x is 0 or 1 in double precision.
    select s.n, greatest(-300, least(300, h.peak - h.below + (h.below + h.above) * (s.n - 0.5) / 800)) as t, h.peak
    from shape h
    cross join generate_series(1, 800) as s (n)
  ),
  weighted as (
    select s.n, 1 / (1 + exp(-s.t)) as x,
      exp(greatest(-700,
        p_alpha * (ln(1 + exp(-s.peak)) - ln(1 + exp(-s.t))) + p_beta * (ln(1 + exp(s.peak)) - ln(1 + exp(s.t))))) as weight
    from step s
  ),
  cumulated as (
    select w.x,
      200 * (sum(w.weight) over (order by w.n) - w.weight) / sum(w.weight) over () as before,
      200 * sum(w.weight) over (order by w.n) / sum(w.weight) over () as until
    from weighted w
  )
  select array_agg(c.x order by g.place)
  from cumulated c
  cross join lateral generate_series(floor(c.before + 0.5)::int + 1, floor(c.until + 0.5)::int) as g (place);
end;

comment on function stats.beta_quantiles(double precision, double precision) is
$$Two hundred quantiles of a Beta distribution, ascending: 0.25 %, 0.75 %, …, 99.75 %.
Computed by summing the density over 800 steps. p_alpha and p_beta: above 0.$$;
