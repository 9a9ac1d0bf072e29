create or replace view market.worker_job as
select
  b.booking_id, b.worker_id, b.scheduled_at, b.ends_at, b.status, s.category,
  jsonb_build_object(
    'booking_id', b.booking_id, 'status', b.status,
    'service', jsonb_build_object(
      'service_id', s.service_id, 'code', s.code, 'category', s.category, 'name_bn', s.name_bn, 'name_en', s.name_en),
    'add_ons', coalesce((
      select jsonb_agg(jsonb_build_object(
        'add_on_id', a.add_on_id, 'code', a.code, 'name_bn', a.name_bn, 'name_en', a.name_en) order by a.code)
      from market.booking_add_on x
      join market.add_on a on a.add_on_id = x.add_on_id
      where x.booking_id = b.booking_id), '[]'),
    'scheduled_at', b.scheduled_at, 'ends_at', b.ends_at, 'price_poisha', b.price_poisha,
    -- Only the assigned worker needs the customer's name, and only until completion.
    'customer_name', case when b.status in ('confirmed', 'in_progress') then (
      select p.full_name from account.person p where p.user_id = b.customer_id) end,
    'confirmed_at', b.confirmed_at, 'arrived_at', b.arrived_at, 'started_at', b.started_at, 'completed_at', b.completed_at,
    'cancelled_at', b.cancelled_at, 'cancelled_by', b.cancelled_by, 'cancel_reason', b.cancel_reason) as document
from market.booking b
join market.service s on s.service_id = b.service_id;

comment on view market.worker_job is
'Bookings as workers see them: one row per booking.';
comment on column market.worker_job.booking_id is 'The booking.';
comment on column market.worker_job.worker_id is 'Its worker; null = none yet.';
comment on column market.worker_job.scheduled_at is 'Start (UTC); lists are ordered by it and booking_id.';
comment on column market.worker_job.ends_at is 'Planned end (UTC).';
comment on column market.worker_job.status is 'pending, confirmed, in_progress, completed or cancelled.';
comment on column market.worker_job.category is 'Category of the service.';
comment on column market.worker_job.document is
'The job as the HTTP API returns it; instants in UTC, prices in poisha. customer_name is null unless confirmed or in_progress.';
