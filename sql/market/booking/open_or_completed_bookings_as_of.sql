create or replace function market.open_or_completed_bookings_as_of(
  p_customer_id uuid, p_service_id uuid, p_since timestamptz, p_at timestamptz)
returns table (booking_id uuid)
language sql stable parallel safe
begin atomic
  select b.booking_id
  from market.booking b
  where b.customer_id = p_customer_id
    and b.service_id = p_service_id
    and b.created_at <= p_at
    and (b.cancelled_at is null or b.cancelled_at > p_at)
    and (b.completed_at is null or b.completed_at >= p_since);
end;

comment on function market.open_or_completed_bookings_as_of(uuid, uuid, timestamptz, timestamptz) is
$$What market.open_or_completed_bookings would have returned at an instant.
Bookings of the service made by then and not yet cancelled, without those completed before p_since.
For explanations of one person only: it scans all bookings of the customer.$$;
