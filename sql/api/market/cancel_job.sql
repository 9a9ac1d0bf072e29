create or replace function api.cancel_job(p_actor uuid, p_booking_id uuid, p_reason text)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = ''
as $$
declare
  v_person account.person := account.authenticate(p_actor, 'worker', clock.now());
begin
  perform market.cancel_booking(v_person.user_id, 'worker', p_booking_id, p_reason, clock.now());
  return (select j.document from market.worker_job j where j.booking_id = p_booking_id);
end;
$$;

comment on function api.cancel_job(uuid, uuid, text) is
$$Gives up an accepted job that has not begun, with the reason.
Sickness, family and safety are never counted against a worker. Repeatable: the first reason stays.
Errors: SH401 the session has ended; SH403 another role; SH404 no such job of the caller; SH409 it has begun, is over, or was cancelled by somebody else.$$;
