create or replace function smartengage.habit(p_at timestamptz)
  returns table (service_id uuid, mean_log double precision, variance double precision, weight double precision)
language sql stable parallel safe
begin atomic
  with pair as (
    select r.service_id,
           (r.visits - 1)::double precision as n,
           r.sum_log / (r.visits - 1) as mean_log,
           r.sum_log_sq - r.sum_log * r.sum_log / (r.visits - 1) as squares
      from smartengage.rhythm(p_at) r
     where r.next_day is null
       and r.visits >= 2),
  everyone as (
    select coalesce(avg(p.mean_log), ln(30.0::double precision)) as mean_log,
           -- within-person variance of ln(gap), with the weight of ten gaps at 0.4² where there are few
           (coalesce(sum(p.squares), 0) + 1.6) / (coalesce(sum(p.n - 1), 0) + 10) as variance,
           coalesce(var_samp(p.mean_log), 0) as spread,
           coalesce(avg(1 / p.n), 1) as mean_inverse
      from pair p),
  service as (
    select p.service_id,
           sum(p.mean_log) as sum_log,
           count(*)::double precision as pairs
      from pair p
     group by p.service_id)
  select s.service_id,
         (s.sum_log + 10 * e.mean_log) / (s.pairs + 10),
         e.variance,
         -- ANOVA estimate: variance of true personal means = variance of observed means minus their sampling error
         least(greatest(e.variance / greatest(e.spread - e.variance * e.mean_inverse, 0.02 * e.variance), 0.05), 20)
    from service s
   cross join everyone e;
end;

comment on function smartengage.habit(timestamptz) is
  'What is usual for a service: mean of ln(gap), variance of ln(gap) within a person, and weight, the number of usual gaps that a '
  'person''s own gaps are mixed with (variance within / variance between, one-way random-effects ANOVA; Bühlmann''s credibility).';
