create or replace function smartengage.usual(p_at timestamptz)
  returns table (
    service_id uuid, mean_log double precision, variance double precision, between_people double precision,
    whole_weeks double precision)
language sql stable parallel safe
begin atomic
  with share as materialized (
    select smartengage.share(p_at, 60000) as share),
  gap as (
    select v.customer_id,
           v.service_id,
           v.day - lag(v.day) over (partition by v.customer_id, v.service_id order by v.day) as days
      from share s
     cross join lateral smartengage.visit(p_at, s.share) v),
  pair as (
    select g.service_id,
           count(*)::double precision as n,
           avg(ln(g.days::double precision)) as mean_log,
           regr_sxx(ln(g.days::double precision), ln(g.days::double precision)) as squares,
           count(*) filter (where g.days % 7 = 0) as whole_weeks
      from gap g
     where g.days is not null
     group by g.customer_id, g.service_id),
  everyone as (
    select coalesce(avg(p.mean_log), ln(30::double precision)) as mean_log,
           (coalesce(sum(p.squares), 0) + 10 * 0.16) / (coalesce(sum(p.n - 1), 0) + 10) as variance,
           coalesce(var_samp(p.mean_log), 0) as observed,
           coalesce(avg(1 / p.n), 1) as mean_inverse,
           count(*) as pairs,
           (coalesce(sum(p.whole_weeks), 0) + 2) / (coalesce(sum(p.n), 0) + 14) as whole_weeks
      from pair p),
  service as (
    select p.service_id,
           sum(p.mean_log) as sum_log,
           count(*) as pairs
      from pair p
     group by p.service_id
     union all
    select null, 0, 0)
  select s.service_id,
         (s.sum_log + 10 * e.mean_log) / (s.pairs + 10),
         e.variance,
         greatest(((e.observed - e.variance * e.mean_inverse) * e.pairs + 5 * 0.25) / (e.pairs + 5), 0.05 * e.variance, 0.01),
         e.whole_weeks
    from service s
   cross join everyone e;
end;

comment on function smartengage.usual(timestamptz) is
  'What is usual for a service: mean of ln(gap in days) (mixed with ten customers of all services; service_id null = all services, for one without data), variance of ln(gap) within one '
  'person, variance of the personal means between people, share of gaps that are whole weeks. Variances by one-way random-effects '
  'ANOVA: between = variance of the observed means less their sampling error. Priors worth ten gaps or five people (0.4² within, 0.5² '
  'between: figures of no log in particular) hold where there is little data.';
