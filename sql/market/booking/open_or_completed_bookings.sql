create or replace function market.open_or_completed_bookings(p_customer_id uuid, p_service_id uuid, p_since timestamptz)
returns table (booking_id uuid)
language sql stable parallel safe
begin atomic
  -- union all, so that each branch uses its own partial index; one OR condition would scan all bookings of the customer.
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
$$Bookings that make a reminder pointless: open bookings of the service, and those completed since an instant.
Open ones count whenever they were made. A set-returning function, so that the planner inlines
"exists (select from market.open_or_completed_bookings(...))" into the calling query.$$;
