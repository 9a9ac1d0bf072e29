create or replace function api.accept_job(p_actor uuid, p_booking_id uuid)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = ''
as $$
declare
  v_person account.person := account.authenticate(p_actor, 'worker', clock.now());
begin
  perform market.accept_job(v_person.user_id, p_booking_id, clock.now());
  return (select j.document from market.worker_job j where j.booking_id = p_booking_id);
end;
$$;

comment on function api.accept_job(uuid, uuid) is
$$Takes a job on offer.
Of many workers one wins; repeatable for the winner.
Errors: SH401 the session has ended; SH403 another role; SH404 no such job of the caller's categories; SH409 taken or cancelled meanwhile, its time has passed, or the caller has another job then.$$;
