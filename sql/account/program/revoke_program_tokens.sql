create or replace function account.revoke_program_tokens(p_program text, p_token_id uuid, p_at timestamptz)
returns int
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_revoked int;
begin
  with revoked as (
    update account.program_token t
    set revoked_at = p_at
    where t.program = p_program
      and t.token_id = coalesce(p_token_id, t.token_id)
      and t.revoked_at is null
    returning t.token_id
  ),
  audited as (
    insert into policy.audit (happened_at, actor, action, subject, detail)
    select p_at, session_user, 'revoke_service_token', 'service_token ' || r.token_id, jsonb_build_object('service', p_program)
    from revoked r
    returning 1
  )
  select count(*) into v_revoked from audited;
  return v_revoked;
end;
$$;

comment on function account.revoke_program_tokens(text, uuid, timestamptz) is
$$Revokes one token of a program, or all of them (p_token_id null), from the next call on.
For the owner of the database. Result: the number of tokens revoked.$$;
