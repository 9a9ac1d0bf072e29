create or replace function api.review_booking(p_actor uuid, p_booking_id uuid, p_rating int, p_body text default null)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_person account.person := account.authenticate(p_actor, 'customer', clock.now());
begin
  return market.review_booking(v_person.user_id, p_booking_id, p_rating, p_body, clock.now());
end;
$$;

comment on function api.review_booking(uuid, uuid, int, text) is
$$Reviews a completed booking, once.
The same review again changes nothing. Texts of reviews are read by people only and are never used in messages.
Errors: SH401 the session has ended; SH403 another role; SH404 the caller has no such booking;
SH409 it is not completed, or has another review.$$;
