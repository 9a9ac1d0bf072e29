select
  r.line,
  uuidv7() as booking_id,
  t.id,
  c.user_id as customer_id,
  w.user_id as worker_id,
  s.service_id,
  t.status,
  t.created_at,
  t.scheduled_at,
  -- Empty cells are derived from the others.
  coalesce(
    case when t.ends_at > t.scheduled_at and t.ends_at <= t.scheduled_at + interval '7 days' then t.ends_at end,
    t.scheduled_at + make_interval(mins => s.duration_minutes)) as ends_at,
  t.confirmed_at,
  t.arrived_at,
  t.started_at,
  case when t.status = 'completed'
       then coalesce(t.completed_at, greatest(
         t.started_at,
         case when t.ends_at <= t.scheduled_at + interval '7 days' then t.ends_at end,
         t.scheduled_at + make_interval(mins => s.duration_minutes)))
  end as completed_at,
  case when t.status = 'cancelled' then coalesce(t.cancelled_at, least(t.scheduled_at, n.now)) end as cancelled_at,
  t.cancelled_by,
  t.cancel_reason,
  coalesce(t.price_poisha, s.price_poisha + coalesce(x.price_poisha, 0)) as price_poisha,
  x.add_on_ids,
  b.booking_id is not null as already,
  concat_ws(E'\n',
    case when t.id is null then 'external_id|is missing' end,
    case when length(t.id) > 200 then 'external_id|is longer than 200 characters' end,
    case when d.line < r.line then 'external_id|appears on an earlier line' end,
    case when t.customer_id is null then 'customer_id|is missing'
         when c.user_id is null and lc.id is not null then 'customer_id|its customer was rejected'
         when c.user_id is null then 'customer_id|no such customer' end,
    case when t.worker_id is not null and w.user_id is null and lw.id is not null then 'worker_id|its worker was rejected'
         when t.worker_id is not null and w.user_id is null then 'worker_id|no such worker' end,
    case when t.service_code is null then 'service_code|is missing'
         when s.service_id is null and ls.id is not null then 'service_code|its service was rejected'
         when s.service_id is null then 'service_code|no such service' end,
    case when t.status in ('pending', 'confirmed', 'in_progress', 'completed', 'cancelled') then null
         when t.status is null then 'status|is missing'
         else 'status|is not one of pending, confirmed, in_progress, completed, cancelled' end,
    case when t.created_at is not null then case when t.created_at > n.now then 'created_at|is in the future' end
         when pg_temp.cell(r.created_at) is null then 'created_at|is missing'
         else 'created_at|' || pg_temp.instant_fault(r.created_at) end,
    case when t.scheduled_at is not null then null
         when pg_temp.cell(r.scheduled_at) is null then 'scheduled_at|is missing'
         else 'scheduled_at|' || pg_temp.instant_fault(r.scheduled_at) end,
    case when t.completed_at is not null
         then case when t.status <> 'completed' then 'completed_at|is given although the booking is not completed'
                   when t.completed_at < t.started_at then 'completed_at|is before started_at'
                   when t.completed_at > n.now then 'completed_at|is in the future' end
         when t.status = 'completed' and t.scheduled_at > n.now then 'status|is completed although scheduled_at is in the future' end,
    case when t.cancelled_at is not null
         then case when t.status <> 'cancelled' then 'cancelled_at|is given although the booking is not cancelled'
                   when t.cancelled_at > n.now then 'cancelled_at|is in the future' end end,
    case when t.cancelled_by is null then case when t.status = 'cancelled' then 'cancelled_by|is missing: customer, worker or admin' end
         when t.cancelled_by not in ('customer', 'worker', 'admin') then 'cancelled_by|is not one of customer, worker, admin'
         when t.status <> 'cancelled' then 'cancelled_by|is given although the booking is not cancelled' end,
    case when s.service_id is not null then x.fault end
  ) as faults,
  concat_ws(E'\n',
    case when t.ends_at is not null
         then case when t.ends_at <= t.scheduled_at then 'ends_at|is not after scheduled_at'
                   when t.ends_at > t.scheduled_at + interval '7 days' then 'ends_at|is more than seven days after scheduled_at' end
         when pg_temp.cell(r.ends_at) is not null then 'ends_at|' || pg_temp.instant_fault(r.ends_at) end,
    case when t.confirmed_at is null and pg_temp.cell(r.confirmed_at) is not null
         then 'confirmed_at|' || pg_temp.instant_fault(r.confirmed_at) end,
    case when t.arrived_at is null and pg_temp.cell(r.arrived_at) is not null
         then 'arrived_at|' || pg_temp.instant_fault(r.arrived_at) end,
    case when t.started_at is null and pg_temp.cell(r.started_at) is not null
         then 'started_at|' || pg_temp.instant_fault(r.started_at) end,
    case when t.completed_at is null and pg_temp.cell(r.completed_at) is not null
         then 'completed_at|' || pg_temp.instant_fault(r.completed_at) end,
    case when t.cancelled_at is null and pg_temp.cell(r.cancelled_at) is not null
         then 'cancelled_at|' || pg_temp.instant_fault(r.cancelled_at) end,
    case when t.price_poisha is null and pg_temp.cell(r.price_poisha) is not null
         then 'price_poisha|is not a whole number of poisha' end
  ) as losses
from raw r
cross join (select clock.now() + interval '5 minutes' as now) n
cross join lateral (
  select
    pg_temp.cell(r.external_id) as id,
    pg_temp.cell(r.customer_id) as customer_id,
    pg_temp.cell(r.worker_id) as worker_id,
    pg_temp.cell(r.service_code) as service_code,
    lower(pg_temp.cell(r.status)) as status,
    pg_temp.instant(r.created_at) as created_at,
    pg_temp.instant(r.scheduled_at) as scheduled_at,
    pg_temp.instant(r.ends_at) as ends_at,
    pg_temp.instant(r.confirmed_at) as confirmed_at,
    pg_temp.instant(r.arrived_at) as arrived_at,
    pg_temp.instant(r.started_at) as started_at,
    pg_temp.instant(r.completed_at) as completed_at,
    pg_temp.instant(r.cancelled_at) as cancelled_at,
    lower(pg_temp.cell(r.cancelled_by)) as cancelled_by,
    pg_temp.cell(r.cancel_reason) as cancel_reason,
    pg_temp.whole(pg_temp.cell(r.price_poisha)) as price_poisha,
    pg_temp.cell(r.add_on_codes) as add_on_codes
  offset 0) t
left join (
  select pg_temp.cell(external_id) as id, min(line) as line
  from raw
  group by 1
  having count(*) > 1) d on d.id = t.id
left join account.person c on c.external_id = t.customer_id and c.role = 'customer'
left join account.person w on w.external_id = t.worker_id and w.role = 'worker'
left join market.service s on s.code = t.service_code
left join (select distinct id from load_lost where kind = 'customer') lc on lc.id = t.customer_id
left join (select distinct id from load_lost where kind = 'worker') lw on lw.id = t.worker_id
left join (select distinct id from load_lost where kind = 'service') ls on ls.id = t.service_code
-- Few combinations of add-ons occur: each is looked up once, not once for every booking.
left join (
  select
    g.service_code,
    g.add_on_codes,
    array_agg(a.add_on_id order by a.add_on_id) filter (where a.add_on_id is not null) as add_on_ids,
    sum(a.price_poisha) as price_poisha,
    case when bool_or(a.add_on_id is null and la.id is not null) then 'add_on_codes|one of its add-ons was rejected'
         when bool_or(a.add_on_id is null) then 'add_on_codes|no such add-on of this service' end as fault
  from (
    select distinct pg_temp.cell(service_code) as service_code, pg_temp.cell(add_on_codes) as add_on_codes
    from raw
    where pg_temp.cell(add_on_codes) is not null) g
  cross join lateral (
    select distinct btrim(code) as code
    from string_to_table(g.add_on_codes, ';') as code
    where btrim(code) <> '') k
  left join market.service gs on gs.code = g.service_code
  left join market.add_on a on a.code = k.code and a.service_id = gs.service_id
  left join (select distinct id from load_lost where kind = 'add_on') la on la.id = k.code
  group by g.service_code, g.add_on_codes) x on x.service_code = t.service_code and x.add_on_codes = t.add_on_codes
left join market.booking b on b.external_id = t.id
