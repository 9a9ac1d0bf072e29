create or replace function prediction.backtest(p_from timestamptz, p_until timestamptz, p_step interval)
returns table (
  cut timestamptz, n bigint, auc7 double precision, auc14 double precision, auc28 double precision,
  log_loss14 double precision, brier14 double precision, predicted_observed14 double precision,
  within7_days double precision, naive_auc14 double precision)
language sql stable parallel safe
begin atomic
  with outcome as materialized (
    select
      c.cut, s.p7, s.p14, s.p28, e.days as expected, o.days,
      o.days <= 7 as came7,
      o.days <= 14 as came14,
      o.days <= 28 as came28,
      l.days between 21 and 30 as naive
    from generate_series(p_from, p_until, p_step) as c (cut)
    cross join lateral (select prediction.last_complete_day(c.cut) as today, policy.default_zone() as zone offset 0) t
    cross join lateral prediction.score(c.cut) s
    cross join lateral (select t.today - (s.last_visit_at at time zone t.zone)::date as days) l
    cross join lateral (select (s.expected_at at time zone t.zone)::date - t.today as days) e
    cross join lateral (
      select coalesce((min(b.completed_at) at time zone t.zone)::date - t.today, 1000000) as days
      from market.booking b
      where b.status = 'completed'
        and b.customer_id = s.customer_id
        and b.service_id = s.service_id
        and b.completed_at >= c.cut
    ) o
  ),
  ranked as (
    -- Ties share the middle of their ranks.
    select
      o.*,
      rank() over (partition by o.cut order by o.p7) + (count(*) over (partition by o.cut, o.p7) - 1) / 2.0 as rank7,
      rank() over (partition by o.cut order by o.p14) + (count(*) over (partition by o.cut, o.p14) - 1) / 2.0 as rank14,
      rank() over (partition by o.cut order by o.p28) + (count(*) over (partition by o.cut, o.p28) - 1) / 2.0 as rank28
    from outcome o
  ),
  counted as (
    select
      r.cut,
      count(*) as n,
      count(*) filter (where r.came7)::double precision as n7,
      count(*) filter (where r.came14)::double precision as n14,
      count(*) filter (where r.came28)::double precision as n28,
      sum(r.rank7) filter (where r.came7) as ranks7,
      sum(r.rank14) filter (where r.came14) as ranks14,
      sum(r.rank28) filter (where r.came28) as ranks28,
      avg(- ln(case when r.came14 then r.p14 else 1 - r.p14 end)) as log_loss14,
      avg((r.p14 - r.came14::int) ^ 2) as brier14,
      sum(r.p14) as predicted14,
      avg((abs(r.expected - r.days) <= 7)::int) filter (where r.days <= 60) as within7_days,
      count(*) filter (where r.naive and r.came14) as naive_hits,
      count(*) filter (where r.naive and not r.came14) as naive_misses
    from ranked r
    group by r.cut
  )
  select
    c.cut,
    c.n,
    (c.ranks7 - c.n7 * (c.n7 + 1) / 2) / nullif(c.n7 * (c.n - c.n7), 0),
    (c.ranks14 - c.n14 * (c.n14 + 1) / 2) / nullif(c.n14 * (c.n - c.n14), 0),
    (c.ranks28 - c.n28 * (c.n28 + 1) / 2) / nullif(c.n28 * (c.n - c.n28), 0),
    c.log_loss14,
    c.brier14,
    c.predicted14 / nullif(c.n14, 0),
    c.within7_days::double precision,
    0.5 * (1 + c.naive_hits / nullif(c.n14, 0) - c.naive_misses / nullif(c.n - c.n14, 0))
  from counted c
  order by c.cut;
end;

comment on function prediction.backtest(timestamptz, timestamptz, interval) is
$$How accurate prediction.score would have been at each cut, on this marketplace; a cut uses nothing at or after it.
n: pairs of customer and service with a score. auc7, auc14, auc28: area under the ROC curve (Mann and Whitney's U) of a visit within
7, 14, 28 days. log_loss14, brier14: log-loss and Brier score of p14. predicted_observed14: sum of p14 / visits (1 = calibrated).
within7_days: of visits within 60 days, the share whose expected day is off by at most 7.
naive_auc14: auc14 of the rule "last visit 21 to 30 days ago". Figures are null if everybody or nobody returned.
The last cut should be at least 28 days before the end of the log; for within7_days, 60.$$;
