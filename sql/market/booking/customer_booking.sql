create or replace view market.customer_booking as
select
  b.booking_id, b.customer_id, b.created_at, b.status,
  jsonb_build_object(
    'booking_id', b.booking_id, 'service_id', b.service_id, 'status', b.status, 'source', b.source,
    'created_at', b.created_at, 'scheduled_at', b.scheduled_at, 'ends_at', b.ends_at,
    'confirmed_at', b.confirmed_at, 'arrived_at', b.arrived_at, 'started_at', b.started_at, 'completed_at', b.completed_at,
    'cancelled_at', b.cancelled_at, 'cancelled_by', b.cancelled_by, 'cancel_reason', b.cancel_reason,
    'worker_name', (select p.full_name from account.person p where p.user_id = b.worker_id),
    'price_poisha', b.price_poisha,
    'add_on_ids', coalesce((
      select jsonb_agg(x.add_on_id order by x.add_on_id) from market.booking_add_on x where x.booking_id = b.booking_id), '[]'),
    'review', (
      select jsonb_build_object('booking_id', r.booking_id, 'rating', r.rating, 'body', r.body, 'created_at', r.created_at)
      from market.review r where r.booking_id = b.booking_id)) as document
from market.booking b;

comment on view market.customer_booking is
'Bookings as their customers see them: one row per booking.';
comment on column market.customer_booking.booking_id is 'The booking.';
comment on column market.customer_booking.customer_id is 'Its customer.';
comment on column market.customer_booking.created_at is 'Instant of creation; lists are ordered by it and booking_id.';
comment on column market.customer_booking.status is 'pending, confirmed, in_progress, completed or cancelled.';
comment on column market.customer_booking.document is
'The booking as the HTTP API returns it, with its worker''s name, add-ons and review; instants in UTC, prices in poisha.';
