create or replace view market.open_booking as
select b.booking_id, b.customer_id, b.service_id
from market.booking b
where b.status in ('pending', 'confirmed', 'in_progress');

comment on view market.open_booking is
'Open bookings: neither completed nor cancelled. One row per booking.
The only definition of "has already booked". Its predicate is that of booking_open_idx, the index by customer and service.';
comment on column market.open_booking.booking_id is 'The booking.';
comment on column market.open_booking.customer_id is 'Its customer.';
comment on column market.open_booking.service_id is 'Its service.';
