create or replace function account.create_program_token(p_service text, p_token_hash bytea, p_at timestamptz)
returns account.program_token
language plpgsql volatile parallel unsafe
set search_path = ''
as $$
declare
  v_token account.program_token;
begin
  insert into account.program_token as t (service, token_hash, made_at, expires_at)
  values (p_service, p_token_hash, p_at, p_at + make_interval(days => policy.number('service.token_for', p_at)::int))
  returning t.* into v_token;
  insert into policy.audit (happened_at, actor, action, subject, detail)
  values (p_at, session_user, 'make_service_token', 'service_token ' || v_token.token_id, jsonb_build_object('service', p_service));
  return v_token;
end;
$$;

comment on function account.create_program_token(text, bytea, timestamptz) is
$$Lets a program of ours call /internal with a new token, beside those it has. For the owner of the database only: no path leads here.
p_token_hash: sha256 of the token. Result: its row, without anything that opens a door.$$;
