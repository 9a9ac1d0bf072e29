-- What each customer has taken to: one to three services, each in a rhythm of their own.
create temp table rhythm on commit drop as
select
  c.user_id, h.service_id, h.code, h.category, h.duration_minutes, h.price_poisha,
  c.of || '/' || h.code as key,
  least(greatest(h.period * exp(0.3 * pg_temp.bell(c.of || h.code, 'period')), 4), 400) as period,
  0.06 + 0.5 * power(pg_temp.draw(c.of || h.code, 'regular'), 1.6) as spread,
  -- Half of all rhythms end some day, the others outlast the data.
  case when pg_temp.draw(c.of || h.code, 'leaves') < 0.5 then -ln(1 - pg_temp.draw(c.of || h.code, 'stays')) * 14 * h.period end as lasts,
  case when pg_temp.draw(c.of, 'weekday habit') < 0.6 then 1 + floor(7 * pg_temp.draw(c.of || h.code, 'weekday'))::int end as weekday,
  9 + 9.5 * pg_temp.draw(c.of || h.code, 'visit hour') as visit_hour,
  case when pg_temp.draw(c.of, 'evening') < 0.6 then 18 + 4 * pg_temp.draw(c.of, 'app hour') else 8 + 8 * pg_temp.draw(c.of, 'app hour') end as app_hour,
  (c.created_at at time zone 'Asia/Dhaka')::date as joined
from drawn c
cross join lateral (
  -- Weighted drawing without replacement (Efraimidis and Spirakis): the smallest -ln(u)/w.
  select h.*
  from habit h
  order by -ln(1 - pg_temp.draw(c.of, 'wants ' || h.code)) / h.weight
  limit case when pg_temp.draw(c.of, 'services') < 0.55 then 1 when pg_temp.draw(c.of, 'services') < 0.85 then 2 else 3 end
) h
where c.role = 'customer';

create temp table visit on commit drop as
select
  v.*,
  v.key || '/' || v.n as of,
  pg_temp.id_of('booking', v.key || '/' || v.n) as booking_id,
  pg_temp.local(v.day, floor(2 * (v.visit_hour + 0.7 * pg_temp.bell(v.key || v.n, 'hour'))) / 2) as scheduled_at,
  pg_temp.local(v.day - 1 - floor(3 * pg_temp.draw(v.key || v.n, 'ahead'))::int,
                least(greatest(v.app_hour + 0.8 * pg_temp.bell(v.key || v.n, 'app'), 0.1), 23.8)) as created_at
from (
  select g.*, g.joined + 1 + g.days::int + case when g.weekday is null then 0 else (g.weekday - extract(isodow from g.joined + 1 + g.days::int)::int + 10) % 7 - 3 end as day
  from (
    select
      r.*, n,
      sum(case when n = 1 then r.period * pg_temp.draw(r.key, 'first')
               else r.period * exp(r.spread * pg_temp.bell(r.key || n, 'gap') - r.spread * r.spread / 2)
                    * case when pg_temp.draw(r.key || n, 'skips') < 0.06 then 2 else 1 end end)
        over (partition by r.user_id, r.service_id order by n) as days
    from rhythm r
    cross join stage s
    cross join lateral generate_series(1, 2 + ((s.until + 30 - r.joined) / r.period * 1.5)::int) n
  ) g
) v
cross join stage s
where v.day <= s.until + 5
  and v.day > v.joined
  and (v.lasts is null or v.days < v.lasts);

create temp table crew on commit drop as
select c.category, array_agg(w.user_id order by w.user_id) as worker_ids
from market.worker w
cross join lateral unnest(w.categories) as c (category)
group by c.category;

insert into market.booking (
  booking_id, external_id, customer_id, worker_id, service_id, status, source, created_at, scheduled_at, ends_at,
  confirmed_at, arrived_at, started_at, completed_at, cancelled_at, cancelled_by, cancel_reason, price_poisha)
select
  v.booking_id, 'demo-' || v.of, v.user_id, k.worker_id, v.service_id, t.status, 'import', v.created_at, v.scheduled_at,
  v.scheduled_at + make_interval(mins => v.duration_minutes),
  case when t.status <> 'pending' then v.created_at + interval '20 minutes' end,
  case when t.status = 'completed' then a.arrived_at end,
  case when t.status = 'completed' then a.arrived_at + interval '5 minutes' end,
  case when t.status = 'completed' then a.arrived_at + interval '5 minutes'
    + make_interval(mins => (v.duration_minutes * (0.8 + 0.4 * pg_temp.draw(v.of, 'lasts')))::int) end,
  case when t.status = 'cancelled' then v.scheduled_at - 0.4 * (v.scheduled_at - v.created_at) end,
  case when t.status = 'cancelled' then case when t.fate < 0.045 then 'customer' when t.fate < 0.062 then 'worker' else 'admin' end end,
  case when t.status = 'cancelled' then case when t.fate < 0.045 then 'plans_changed' when t.fate < 0.062 then pg_temp.pick(array['sick', 'family', 'traffic'], v.of, 'why') else 'no_worker' end end,
  v.price_poisha
from visit v
cross join stage s
cross join lateral (
  select pg_temp.draw(v.of, 'fate') as fate,
    case when v.day > s.until then 'pending' when pg_temp.draw(v.of, 'fate') < 0.07 then 'cancelled' else 'completed' end as status
) t
left join crew c on c.category = v.category
cross join lateral (
  select case when t.status <> 'pending' then c.worker_ids[1 + floor(pg_temp.draw(v.of, 'worker') * cardinality(c.worker_ids))::int] end as worker_id
) k
-- Some workers are late often, most hardly ever.
cross join lateral (
  select v.scheduled_at + make_interval(mins => (case
    when pg_temp.draw(v.of, 'late') < 0.04 + 0.5 * power(pg_temp.draw(coalesce(k.worker_id::text, ''), 'lateness'), 4)
    then 11 + 45 * pg_temp.draw(v.of, 'how late') else -8 + 16 * pg_temp.draw(v.of, 'how late') end)::int) as arrived_at
) a
where v.created_at < pg_temp.local(s.until, 24);

insert into market.booking_add_on (booking_id, add_on_id, price_poisha)
select b.booking_id, a.add_on_id, a.price_poisha
from market.booking b
join market.service s on s.service_id = b.service_id
join market.add_on a on a.service_id = b.service_id
-- A taste that a person keeps, more or less.
where b.external_id like 'demo-%'
  and pg_temp.draw(b.external_id, a.code)
    < case when pg_temp.draw(b.customer_id::text, 'likes ' || a.code) < 0.25 then 0.75 else 0.08 end;

update market.booking b
set price_poisha = b.price_poisha + x.extra
from (select x.booking_id, sum(x.price_poisha) as extra from market.booking_add_on x group by x.booking_id) x
where x.booking_id = b.booking_id;
