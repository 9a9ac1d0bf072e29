insert into market.booking (
  booking_id, external_id, customer_id, worker_id, service_id, status, source, created_at, scheduled_at, ends_at,
  confirmed_at, arrived_at, started_at, completed_at, cancelled_at, cancelled_by, cancel_reason, price_poisha)
select
  c.booking_id, c.id, c.customer_id, c.worker_id, c.service_id, c.status, 'import', c.created_at, c.scheduled_at, c.ends_at,
  c.confirmed_at, c.arrived_at, c.started_at, c.completed_at, c.cancelled_at, c.cancelled_by, c.cancel_reason, c.price_poisha
from checked c
where c.faults = ''
  and not c.already
  and (c.worker_id is null or c.status not in ('confirmed', 'in_progress'));

-- Active bookings of one worker never overlap: the earlier line is stored, an overlapping one is rejected.
insert into market.booking (
  booking_id, external_id, customer_id, worker_id, service_id, status, source, created_at, scheduled_at, ends_at,
  confirmed_at, arrived_at, started_at, completed_at, cancelled_at, cancelled_by, cancel_reason, price_poisha)
select
  c.booking_id, c.id, c.customer_id, c.worker_id, c.service_id, c.status, 'import', c.created_at, c.scheduled_at, c.ends_at,
  c.confirmed_at, c.arrived_at, c.started_at, c.completed_at, c.cancelled_at, c.cancelled_by, c.cancel_reason, c.price_poisha
from checked c
where c.faults = ''
  and not c.already
  and c.worker_id is not null
  and c.status in ('confirmed', 'in_progress')
order by c.line
on conflict do nothing;

update checked c
set faults = 'worker_id|has another booking at that time'
where c.faults = ''
  and not c.already
  and c.worker_id is not null
  and c.status in ('confirmed', 'in_progress')
  and not exists (select from market.booking b where b.booking_id = c.booking_id);

insert into market.booking_add_on (booking_id, add_on_id, price_poisha)
select c.booking_id, a.add_on_id, a.price_poisha
from checked c
cross join lateral unnest(c.add_on_ids) as k (add_on_id)
join market.add_on a on a.add_on_id = k.add_on_id
where c.faults = ''
  and not c.already;

insert into load_lost (kind, id)
select 'booking', c.id
from checked c
where c.faults <> ''
  and c.id is not null;

analyze market.booking, market.booking_add_on;
