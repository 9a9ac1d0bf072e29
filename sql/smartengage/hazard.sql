create or replace function smartengage.hazard(p_at timestamptz)
  returns table (class int, cumulative double precision[])
language sql stable parallel safe
begin atomic
  with episode as (
    select p.class,
           p.next_day is not null as came,
           asinh((ln(greatest(coalesce(p.next_day, (select smartengage.today(p_at))) - p.day - 0.5, 0.25)::double precision) - p.center) / 0.15)
             / 0.2 + 25 as x
      from smartengage.pulse(p_at) p),
  ended as (
    select e.class,
           least(greatest(floor(e.x), 0), 49)::int as bin,
           count(*) as n,
           count(*) filter (where e.came) as came,
           sum(least(greatest(e.x - least(greatest(floor(e.x), 0), 49), 0), 1)) as part
      from episode e
     group by 1, 2),
  grid as (
    select c.class, b.bin, coalesce(e.n, 0) as n, coalesce(e.came, 0) as came, coalesce(e.part, 0) as part,
           (array[0.06, 0.1, 0.15, 0.22, 0.33, 0.5, 0.75, 1.1]::double precision[])[c.class % 8 + 1] as spread
      from generate_series(0, 15) as c(class)
     cross join generate_series(0, 49) as b(bin)
      left join ended e on e.class = c.class and e.bin = b.bin),
  rate as (
    select g.class, g.bin,
           (g.came + 10 * (ln(0.1 + 0.9 / (1 + exp(1.7::double precision * 0.15 * sinh((g.bin - 25) * 0.2::double precision) / g.spread)))
                         - ln(0.1 + 0.9 / (1 + exp(1.7::double precision * 0.15 * sinh((g.bin - 24) * 0.2::double precision) / g.spread)))))
           / (10 + g.part + coalesce(sum(g.n) over (partition by g.class order by g.bin desc
                                                   rows between unbounded preceding and 1 preceding), 0)) as rate
      from grid g),
  total as (
    select r.class, r.bin, sum(r.rate) over (partition by r.class order by r.bin) as cumulative
      from rate r)
  select t.class, array_prepend(0::double precision, array_agg(t.cumulative::double precision order by t.bin))
    from total t
   group by t.class;
end;

comment on function smartengage.hazard(timestamptz) is
  'How readily people of a class come at each phase of their rhythm: cumulative hazard at the 51 edges of a grid of '
  'ln(days since the visit) - center, fine around the expected day. Nelson-Aalen over all episodes (visit to next visit, or to p_at), '
  'mixed with ten people of a prior (log-logistic, one in ten never comes back), so a class without data has a sane curve. People who left are in it: they are the '
  'episodes that stay open, so that late phases have a low hazard and no separate model of leaving is needed.';
