create or replace function api.start_job(p_actor uuid, p_booking_id uuid)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = ''
as $$
declare
  v_person account.person := account.authenticate(p_actor, 'worker', clock.now());
begin
  perform market.advance_job(v_person.user_id, p_booking_id, 'start', clock.now());
  return (select j.document from market.worker_job j where j.booking_id = p_booking_id);
end;
$$;

comment on function api.start_job(uuid, uuid) is
$$Begins a job.
Who begins has arrived. Repeatable.
Errors: SH401 the session has ended; SH403 another role; SH404 no such job of the caller; SH409 the job is not at that step.$$;
