create or replace function market.booking_summary(p_booking_id uuid)
returns jsonb
language sql stable parallel safe
begin atomic
  select jsonb_build_object(
    'booking_id', b.booking_id, 'service_id', b.service_id, 'status', b.status,
    'scheduled_at', b.scheduled_at, 'created_at', b.created_at, 'price_poisha', b.price_poisha,
    'add_on_ids', coalesce((
      select jsonb_agg(x.add_on_id order by x.add_on_id) from market.booking_add_on x where x.booking_id = b.booking_id), '[]'))
  from market.booking b
  where b.booking_id = p_booking_id;
end;

comment on function market.booking_summary(uuid) is
$$The short document of a booking, for readers of a link.
Result: {booking_id, service_id, status, scheduled_at, created_at, price_poisha, add_on_ids}; null for an unknown booking.$$;
