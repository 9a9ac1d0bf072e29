create or replace function account.authenticate(p_session_id uuid, p_role text, p_at timestamptz)
returns account.person
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_person account.person;
begin
  select p.* into v_person from account.live_session_person(p_session_id, p_at) p;
  if not found then
    raise exception 'Sign in again' using errcode = 'SH401', hint = 'The session has ended.';
  end if;
  if v_person.role <> p_role then
    raise exception 'This is not for your role' using errcode = 'SH403', detail = v_person.role;
  end if;
  return v_person;
end;
$$;

comment on function account.authenticate(uuid, text, timestamptz) is
$$Returns the person of a live session in a role (null = any); raises an error otherwise.
Every api function for signed-in people calls it first, so a revoked session or a disabled person is refused at once.
Errors: SH401 the session has ended; SH403 wrong role.$$;
