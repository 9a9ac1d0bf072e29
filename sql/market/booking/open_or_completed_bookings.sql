create or replace function market.open_or_completed_bookings(p_customer_id uuid, p_service_id uuid, p_since timestamptz)
returns table (booking_id uuid)
language sql stable parallel safe
begin atomic
  -- Two looks, each into an index of its own: as one condition they would read every booking the customer ever made.
  select o.booking_id
  from market.open_booking o
  where o.customer_id = p_customer_id
    and o.service_id = p_service_id
  union all
  select b.booking_id
  from market.booking b
  where b.customer_id = p_customer_id
    and b.service_id = p_service_id
    and b.status = 'completed'
    and b.completed_at >= p_since;
end;

comment on function market.open_or_completed_bookings(uuid, uuid, timestamptz) is
$$Bookings that make a reminder pointless: those of the service that are open, and those completed since an instant (so all that were made since and not cancelled).
A set, so that "exists (select from market.open_or_completed_bookings(...))" becomes part of the query that asks.$$;
