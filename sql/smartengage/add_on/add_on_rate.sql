create materialized view smartengage.add_on_rate as
with booked as (
  select b.service_id, count(*) as n
  from market.booking b
  where b.status = 'completed'
  group by b.service_id
),
taken as (
  select x.add_on_id, count(*) as n
  from market.booking_add_on x
  join market.booking b on b.booking_id = x.booking_id
  where b.status = 'completed'
  group by x.add_on_id
)
select a.add_on_id, a.service_id, coalesce(t.n, 0) as bookings, coalesce(t.n, 0)::double precision / b.n as rate
from market.add_on a
join booked b on b.service_id = a.service_id
left join taken t on t.add_on_id = a.add_on_id;

create unique index add_on_rate_idx on smartengage.add_on_rate (add_on_id);

comment on materialized view smartengage.add_on_rate is
  'How often each add-on is booked with its service, over all completed bookings. Refreshed by smartengage.refresh_snapshots.';
comment on column smartengage.add_on_rate.add_on_id is 'The add-on.';
comment on column smartengage.add_on_rate.service_id is 'Its service.';
comment on column smartengage.add_on_rate.bookings is 'Completed bookings with the add-on (its support).';
comment on column smartengage.add_on_rate.rate is 'Share of the completed bookings of the service that have the add-on.';
