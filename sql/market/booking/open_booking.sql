create or replace view market.open_booking as
select b.booking_id, b.customer_id, b.service_id
from market.booking b
where b.status in ('pending', 'confirmed', 'in_progress');

comment on view market.open_booking is 'Bookings that are neither completed nor cancelled, one row a booking: what "has booked already" means wherever it is asked. The condition is that of booking_open_idx, which finds them by customer and service.';
