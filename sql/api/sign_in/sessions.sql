create or replace function api.sessions(p_actor uuid)
returns jsonb
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_person account.person := account.authenticate(p_actor, null, clock.now());
begin
  return jsonb_build_object('items', (
    select coalesce(jsonb_agg(jsonb_build_object(
      'session_id', s.session_id,
      'created_at', s.created_at,
      'last_used_at', s.last_used_at,
      'agent', s.agent,
      'current', s.session_id = p_actor) order by s.last_used_at desc, s.session_id), '[]')
    from (
      select l.*
      from account.session l
      where l.user_id = v_person.user_id
        and l.revoked_at is null
        and l.expires_at > clock.now()
      order by l.last_used_at desc, l.session_id
      limit 200) s));
end;
$$;

comment on function api.sessions(uuid) is
$$The sessions of the caller: the devices that are signed in.
At most 200, the last used first.
Errors: SH401 the session has ended; SH403 another role.$$;
