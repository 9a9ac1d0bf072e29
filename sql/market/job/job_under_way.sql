create or replace view market.job_under_way as
select b.booking_id, b.worker_id
from market.booking b
where b.status = 'in_progress';

comment on view market.job_under_way is
'Bookings in progress: a worker with one cannot be erased. One row per booking.';
comment on column market.job_under_way.booking_id is 'The booking.';
comment on column market.job_under_way.worker_id is 'Its worker; null for imported bookings without one.';
