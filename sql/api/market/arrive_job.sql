create or replace function api.arrive_job(p_actor uuid, p_booking_id uuid)
returns jsonb
language sql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select market.advance_job(p.user_id, p_booking_id, 'arrive', clock.now())
  from account.authenticate(p_actor, 'worker', clock.now()) p;
end;

comment on function api.arrive_job(uuid, uuid) is
$$Records that the worker has arrived.
The first arrival counts. Repeatable.
Errors: SH401 the session has ended; SH403 another role; SH404 the caller has no such job;
SH409 its status does not allow the step.$$;
