create or replace function api.accept_job(p_actor uuid, p_booking_id uuid)
returns jsonb
language sql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select market.accept_job(p.user_id, p_booking_id, clock.now())
  from account.authenticate(p_actor, 'worker', clock.now()) p;
end;

comment on function api.accept_job(uuid, uuid) is
$$Accepts an open job.
Of many workers one wins; the winner may repeat the call.
Errors: SH401 the session has ended; SH403 another role; SH404 no such job in the caller's categories; SH409 it was taken or
cancelled, its time has passed, or the caller has another job at that time.$$;
