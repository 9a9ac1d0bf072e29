create or replace function account.revoke_session(p_session_id uuid, p_reason text, p_at timestamptz)
returns boolean
language sql volatile parallel unsafe
begin atomic
  with revoked as (
    update account.session s
    set revoked_at = p_at, revoked_reason = p_reason
    where s.session_id = p_session_id
      and s.revoked_at is null
    returning s.user_id
  ),
  audited as (
    insert into policy.audit (happened_at, actor, action, subject, detail)
    select p_at, r.user_id::text, 'sign_out', 'session ' || p_session_id, jsonb_build_object('reason', p_reason)
    from revoked r
  )
  select exists (select from revoked);
end;

comment on function account.revoke_session(uuid, text, timestamptz) is
$$Revokes a session: its access tokens are refused from the next call on. Idempotent. Result: whether it was not revoked before.$$;
