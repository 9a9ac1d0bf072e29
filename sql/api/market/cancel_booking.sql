create or replace function api.cancel_booking(p_actor uuid, p_booking_id uuid, p_reason text)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_person account.person := account.authenticate(p_actor, 'customer', clock.now());
begin
  perform market.cancel_booking(v_person.user_id, 'customer', p_booking_id, p_reason, clock.now());
  return (select b.document from market.customer_booking b where b.booking_id = p_booking_id);
end;
$$;

comment on function api.cancel_booking(uuid, uuid, text) is
$$Cancels a booking that has not started.
Repeatable: the first reason is kept.
Errors: SH401 the session has ended; SH403 another role; SH404 the caller has no such booking;
SH409 it has started or is over, or somebody else cancelled it.$$;
