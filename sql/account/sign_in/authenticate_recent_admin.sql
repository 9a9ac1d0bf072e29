create or replace function account.authenticate_recent_admin(p_session_id uuid, p_at timestamptz)
returns account.person
language plpgsql stable parallel safe
set search_path = ''
as $$
declare
  v_person account.person := account.authenticate(p_session_id, 'admin', p_at);
begin
  if not exists (select from account.session s where s.session_id = p_session_id and s.fresh_until > p_at) then
    raise exception 'Sign in again to do this' using errcode = 'SH403',
      hint = 'Sensitive acts need a sign-in of the last minutes (rule session.fresh_for).';
  end if;
  return v_person;
end;
$$;

comment on function account.authenticate_recent_admin(uuid, timestamptz) is
$$Who does a sensitive act: the admin of a live session that was opened by password and authenticator within session.fresh_for. Rotating the token does not make it fresh again.
Errors: SH401 the session has ended; SH403 another role, or the sign-in is too long ago.$$;
