create or replace function account.authenticate_recent_admin(p_session_id uuid, p_at timestamptz)
returns account.person
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_person account.person := account.authenticate(p_session_id, 'admin', p_at);
begin
  if not exists (select from account.session s where s.session_id = p_session_id and s.fresh_until > p_at) then
    raise exception 'Sign in again to do this' using errcode = 'SH403',
      hint = 'This action needs a recent sign-in (rule session.fresh_for).';
  end if;
  return v_person;
end;
$$;

comment on function account.authenticate_recent_admin(uuid, timestamptz) is
$$Returns the admin of a live session that was opened within session.fresh_for seconds; raises an error otherwise.
For sensitive actions. Token rotation does not extend session.fresh_until.
Errors: SH401 the session has ended; SH403 wrong role, or the sign-in is too old.$$;
