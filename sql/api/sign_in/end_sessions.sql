create or replace function api.end_sessions(p_actor uuid, p_session_id uuid default null)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_person account.person := account.authenticate(p_actor, null, clock.now());
  v_ended int;
begin
  select count(*) filter (where account.revoke_session(s.session_id, 'ended_by_person', clock.now())) into v_ended
  from (
    select l.session_id
    from account.session l
    where l.user_id = v_person.user_id
      and l.revoked_at is null
      and l.session_id = coalesce(p_session_id, l.session_id)
    order by l.session_id
    for update) s;
  return jsonb_build_object('ended', v_ended);
end;
$$;

comment on function api.end_sessions(uuid, uuid) is
$$Signs out one device, or all devices including this one.
A session id of another person, or an unknown one, ends nothing.
Errors: SH401 the session has ended; SH403 another role.$$;
