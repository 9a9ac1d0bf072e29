create or replace function account.authenticate_program(p_token_hash bytea, p_at timestamptz)
returns account.program_token
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_program_token account.program_token;
begin
  -- Not a timing leak: the index is searched by a hash of 256 random bits, not by the token.
  select t.* into v_program_token
  from account.program_token t
  where t.token_hash = p_token_hash
    and t.revoked_at is null
    and t.expires_at > p_at;
  if not found then
    raise exception 'The token is not valid' using errcode = 'SH401', hint = 'It is unknown, revoked or expired.';
  end if;
  insert into policy.audit (happened_at, actor, action, subject)
  values (p_at, 'service ' || v_program_token.program, 'service_call', 'service_token ' || v_program_token.token_id);
  return v_program_token;
end;
$$;

comment on function account.authenticate_program(bytea, timestamptz) is
$$Returns the token of a calling program, identified by its SHA-256 hash, and records the call in the audit log.
Every api function behind /internal calls it first, so a revoked token is refused at once.
Errors: SH401 the token is unknown, revoked or expired.$$;
