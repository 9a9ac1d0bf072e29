create or replace function api.review_booking(p_actor uuid, p_booking_id uuid, p_rating int, p_body text default null)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = ''
as $$
declare
  v_person account.person := account.authenticate(p_actor, 'customer', clock.now());
begin
  return market.review_booking(v_person.user_id, p_booking_id, p_rating, p_body, clock.now());
end;
$$;

comment on function api.review_booking(uuid, uuid, int, text) is
$$Reviews a completed booking, once.
The same review again changes nothing. Texts are read by people only; no message is made from them.
Errors: SH401 the session has ended; SH403 another role; SH404 no such booking of the caller; SH409 not completed, or reviewed otherwise already.$$;
