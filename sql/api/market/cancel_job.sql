create or replace function api.cancel_job(p_actor uuid, p_booking_id uuid, p_reason text)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_person account.person := account.authenticate(p_actor, 'worker', clock.now());
begin
  perform market.cancel_booking(v_person.user_id, 'worker', p_booking_id, p_reason, clock.now());
  return (select j.document from market.worker_job j where j.booking_id = p_booking_id);
end;
$$;

comment on function api.cancel_job(uuid, uuid, text) is
$$Cancels an accepted job that has not started, with the reason.
Sickness, family and safety never count against a worker. Repeatable: the first reason is kept.
Errors: SH401 the session has ended; SH403 another role; SH404 the caller has no such job;
SH409 it has started or is over, or somebody else cancelled it.$$;
