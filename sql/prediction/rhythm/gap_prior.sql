create or replace function prediction.gap_prior(p_at timestamptz)
returns prediction.gap_prior
language sql stable parallel safe
begin atomic
  with sample as materialized (
    select prediction.sample_fraction(p_at, 60000) as fraction
  ),
  pair as materialized (
    select h.service_id, g.n, g.mean_log, g.squares, g.whole_weeks
    from sample s
    cross join lateral prediction.visit_history(p_at, s.fraction) h
    cross join lateral (
      select
        count(*)::double precision as n,
        avg(ln(d.days::double precision)) as mean_log,
        regr_sxx(ln(d.days::double precision), ln(d.days::double precision)) as squares,
        count(*) filter (where d.days % 7 = 0) as whole_weeks
      from generate_series(1, cardinality(h.days) - 1) as i
      cross join lateral (select h.days[i + 1] - h.days[i] as days) d
    ) g
    where cardinality(h.days) >= 2
  ),
  everyone as materialized (
    select
      coalesce(avg(p.mean_log), ln(30::double precision)) as mean_log,
      (coalesce(sum(p.squares), 0) + 10 * 0.16) / (coalesce(sum(p.n - 1), 0) + 10) as within_variance,
      coalesce(var_samp(p.mean_log), 0) as observed_variance,
      coalesce(avg(1 / p.n), 1) as mean_inverse,
      count(*) as pairs,
      (coalesce(sum(p.whole_weeks), 0) + 2) / (coalesce(sum(p.n), 0) + 14) as whole_week_share
    from pair p
  ),
  service as (
    select p.service_id, (sum(p.mean_log) + 10 * e.mean_log) / (count(*) + 10) as mean_log
    from pair p
    cross join everyone e
    group by p.service_id, e.mean_log
  )
  select row(
    array(select s.service_id from service s order by s.service_id),
    array(select s.mean_log from service s order by s.service_id),
    e.mean_log,
    e.within_variance,
    greatest(
      ((e.observed_variance - e.within_variance * e.mean_inverse) * e.pairs + 5 * 0.25) / (e.pairs + 5),
      0.05 * e.within_variance,
      0.01),
    e.whole_week_share)::prediction.gap_prior
  from everyone e;
end;

comment on function prediction.gap_prior(timestamptz) is
$$The distribution of gaps before p_at, to which the estimates of single people are shrunken.
Result: mean of ln(gap in days) for each service (shrunken to the overall mean, with the weight of ten customers) and overall;
variance of ln(gap) within one person; variance of the personal means between people; share of gaps that are whole weeks.
Variances by one-way random-effects ANOVA: between = variance of the observed means less their sampling error.
Priors worth ten gaps or five people (0.4² within, 0.5² between: not taken from any log) dominate while there is little data.$$;
