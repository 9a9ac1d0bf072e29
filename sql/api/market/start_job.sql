create or replace function api.start_job(p_actor uuid, p_booking_id uuid)
returns jsonb
language sql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select market.advance_job(p.user_id, p_booking_id, 'start', clock.now())
  from account.authenticate(p_actor, 'worker', clock.now()) p;
end;

comment on function api.start_job(uuid, uuid) is
$$Starts a job.
Starting implies arrival. Repeatable.
Errors: SH401 the session has ended; SH403 another role; SH404 the caller has no such job;
SH409 its status does not allow the step.$$;
