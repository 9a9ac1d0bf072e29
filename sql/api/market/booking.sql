create or replace function api.booking(p_actor uuid, p_booking_id uuid)
returns jsonb
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_person account.person := account.authenticate(p_actor, 'customer', clock.now());
  v_document jsonb;
begin
  select b.document into v_document
  from market.customer_booking b
  where b.booking_id = p_booking_id
    and b.customer_id = v_person.user_id;
  if not found then
    raise exception 'You have no such booking' using errcode = 'SH404', detail = p_booking_id::text;
  end if;
  return v_document;
end;
$$;

comment on function api.booking(uuid, uuid) is
$$One booking of the caller.
Errors: SH401 the session has ended; SH403 another role; SH404 the caller has no such booking.$$;
