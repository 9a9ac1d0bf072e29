create or replace function api.book(p_actor uuid, p_service_id uuid, p_scheduled_at timestamptz, p_add_on_ids uuid[] default null)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_person account.person := account.authenticate(p_actor, 'customer', clock.now());
  v_booking_id uuid;
begin
  -- Serializes with claims, so that a reminder claimed now sees the booking.
  perform account.lock_person(v_person.user_id);
  v_booking_id := market.create_booking(v_person.user_id, p_service_id, p_scheduled_at, p_add_on_ids, 'app', clock.now());
  return (select b.document from market.customer_booking b where b.booking_id = v_booking_id);
end;
$$;

comment on function api.book(uuid, uuid, timestamptz, uuid[]) is
$$Books a service.
The price is that of service and add-ons now. The booking is pending until a worker accepts it.
Errors: SH401 the session has ended; SH403 another role; SH422 a service that is not offered, a time that is not within
the next 180 days, or an add-on that the service does not have.$$;
