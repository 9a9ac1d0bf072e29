create or replace function account.revoke_program_tokens(p_service text, p_token_id uuid, p_at timestamptz)
returns int
language plpgsql volatile parallel unsafe
set search_path = ''
as $$
declare
  v_revoked int;
begin
  with revoked as (
    update account.program_token t
    set revoked_at = p_at
    where t.service = p_service
      and t.token_id = coalesce(p_token_id, t.token_id)
      and t.revoked_at is null
    returning t.token_id
  ), noted as (
    insert into policy.audit (happened_at, actor, action, subject, detail)
    select p_at, session_user, 'revoke_service_token', 'service_token ' || r.token_id, jsonb_build_object('service', p_service)
    from revoked r
    returning 1
  )
  select count(*) into v_revoked from noted;
  return v_revoked;
end;
$$;

comment on function account.revoke_program_tokens(text, uuid, timestamptz) is
$$Ends one token of a service (null = all of them), from the next call on. For the owner of the database only. Result: how many were ended.$$;
