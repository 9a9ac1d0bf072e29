create or replace function account.open_session(p_user_id uuid, p_refresh_hash bytea, p_agent text, p_at timestamptz)
returns uuid
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_session_id uuid;
  v_until timestamptz := p_at + make_interval(days => policy.number('session.refresh_for', p_at)::int);
begin
  insert into account.session (user_id, created_at, last_used_at, expires_at, agent, fresh_until)
  select p_user_id, p_at, p_at, v_until, left(p_agent, 200),
         case when p.role = 'admin' then p_at + make_interval(secs => policy.number('session.fresh_for', p_at)) end
  from account.person p
  where p.user_id = p_user_id
  returning session_id into v_session_id;
  insert into account.refresh_token (token_hash, session_id, issued_at, expires_at)
  values (p_refresh_hash, v_session_id, p_at, v_until);
  insert into policy.audit (happened_at, actor, action, subject)
  values (p_at, p_user_id::text, 'sign_in', 'session ' || v_session_id);
  return v_session_id;
end;
$$;

comment on function account.open_session(uuid, bytea, text, timestamptz) is
$$Opens a session with its first refresh token and records the sign-in in the audit log.
p_refresh_hash: SHA-256 of the token. Result: the id of the session.$$;
