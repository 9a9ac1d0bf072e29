create or replace function account.session_document(p_session_id uuid, p_at timestamptz)
returns jsonb
language sql stable parallel safe
begin atomic
  select jsonb_build_object(
    'session_id', s.session_id,
    'user_id', p.user_id,
    'role', p.role,
    'access_seconds', policy.number('session.access_for', p_at)::int,
    'refresh_until', s.expires_at)
  from account.session s
  join account.person p on p.user_id = s.user_id
  where s.session_id = p_session_id;
end;

comment on function account.session_document(uuid, timestamptz) is
$$What the app needs to make the tokens of a session: {session_id, user_id, role, access_seconds, refresh_until}.$$;
