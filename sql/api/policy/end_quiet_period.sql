create or replace function api.end_quiet_period(p_actor uuid, p_quiet_period_id uuid, p_reason text)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_admin account.person := account.authenticate_recent_admin(p_actor, clock.now());
begin
  perform policy.end_quiet_period(p_quiet_period_id, v_admin.user_id::text, p_reason, clock.now());
  return (
    select policy.quiet_period_document(q, clock.now())
    from policy.quiet_period q
    where q.quiet_period_id = p_quiet_period_id);
end;
$$;

comment on function api.end_quiet_period(uuid, uuid, text) is
$$Ends a quiet period early, or cancels one that has not begun.
A period without an end (the night, prayer) needs two admins: the first call proposes, and it ends when another admin makes the same
call before the proposal expires.
Errors: SH401 the session has ended; SH403 another role, or the sign-in is too old; SH404 no such period; SH409 it is over; SH422 no
reason.$$;
