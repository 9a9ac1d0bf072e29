create or replace function account.create_program_token(p_program text, p_token_hash bytea, p_at timestamptz)
returns account.program_token
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_program_token account.program_token;
begin
  insert into account.program_token as t (program, token_hash, created_at, expires_at)
  values (p_program, p_token_hash, p_at, p_at + make_interval(days => policy.number('service.token_for', p_at)::int))
  returning t.* into v_program_token;
  insert into policy.audit (happened_at, actor, action, subject, detail)
  values (p_at, session_user, 'make_service_token', 'service_token ' || v_program_token.token_id,
          jsonb_build_object('service', p_program));
  return v_program_token;
end;
$$;

comment on function account.create_program_token(text, bytea, timestamptz) is
$$Registers a token with which a program of ours can call /internal; its other tokens stay valid.
For the owner of the database, not callable over HTTP. p_token_hash: SHA-256 of the token. Result: the row, without the secret.$$;
