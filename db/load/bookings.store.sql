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

-- Brings a stored booking to the state of its row. Result: null, or field|reason of what is kept instead.
-- The steps between are without the worker, whose other active bookings they could overlap.
create function pg_temp.advance_booking(p_row checked, p_has_end boolean)
returns text
language plpgsql volatile
as $$
declare
  v_steps constant text[] := '{pending,confirmed,in_progress,completed}';
  v_stored market.booking;
  v_from integer;
  v_to integer;
begin
  select * into strict v_stored
  from market.booking b
  where b.external_id = p_row.id
  for update;
  v_from := array_position(v_steps, v_stored.status);
  v_to := array_position(v_steps, p_row.status);
  if p_row.status <> v_stored.status and (v_from is null or v_to < v_from) then
    return 'status|would go back from ' || v_stored.status || ' to ' || p_row.status || ', which is not done';
  end if;
  for v_step in v_from + 1 .. coalesce(v_to - 1, v_from) loop
    update market.booking b
    set status = v_steps[v_step],
        worker_id = case when b.source <> 'import' then b.worker_id end
    where b.booking_id = v_stored.booking_id;
  end loop;
  update market.booking b
  set status = p_row.status,
      worker_id = coalesce(p_row.worker_id, v_stored.worker_id),
      scheduled_at = p_row.scheduled_at,
      ends_at = case when p_has_end or p_row.scheduled_at <> b.scheduled_at then p_row.ends_at else b.ends_at end,
      confirmed_at = coalesce(p_row.confirmed_at, b.confirmed_at),
      arrived_at = coalesce(p_row.arrived_at, b.arrived_at),
      started_at = coalesce(p_row.started_at, b.started_at),
      completed_at = p_row.completed_at,
      cancelled_at = p_row.cancelled_at,
      cancelled_by = p_row.cancelled_by,
      cancel_reason = p_row.cancel_reason
  where b.booking_id = v_stored.booking_id;
  return null;
exception
  when exclusion_violation then
    return 'worker_id|has another booking at that time; the stored booking is kept';
  when check_violation or sqlstate 'SH409' then
    return 'status|cannot follow from ' || v_stored.status || '; the stored booking is kept';
end;
$$;

create temp table load_change on commit drop as
select d.line, pg_temp.advance_booking(d.checked, d.has_end) as fault
from (
  select c.line, c as checked, pg_temp.cell(r.ends_at) is not null as has_end
  from checked c
  join market.booking b on b.external_id = c.id
  join raw r on r.line = c.line
  where c.faults = ''
    and c.already
    and (b.status <> c.status
      or (b.status not in ('completed', 'cancelled')
        and (b.scheduled_at <> c.scheduled_at
          or (b.ends_at <> c.ends_at and pg_temp.cell(r.ends_at) is not null)
          or b.worker_id is distinct from coalesce(c.worker_id, b.worker_id))))
  order by b.booking_id) d;

update checked c
set updated = true
from load_change h
where h.line = c.line
  and h.fault is null;

insert into load_reject (file, line, field, reason, outcome)
select 'bookings', k.line, split_part(k.fault, '|', 1), split_part(k.fault, '|', 2), 'kept'
from (
  select h.line, h.fault
  from load_change h
  union all
  select
    c.line,
    unnest(array[
      case when b.customer_id <> c.customer_id then 'customer_id' end,
      case when b.service_id <> c.service_id then 'service_code' end,
      case when b.scheduled_at <> c.scheduled_at and b.status = c.status then 'scheduled_at' end,
      case when b.price_poisha <> c.price_poisha and pg_temp.cell(r.price_poisha) is not null then 'price_poisha' end
    ]) || '|differs from the stored one, which is kept'
  from checked c
  join market.booking b on b.external_id = c.id
  join raw r on r.line = c.line
  where c.faults = ''
    and c.already) k
where k.fault is not null;

drop function pg_temp.advance_booking(checked, boolean);
drop table load_change;

insert into load_lost (kind, id)
select 'booking', c.id
from checked c
where c.faults <> ''
  and c.id is not null;

analyze market.booking, market.booking_add_on;
