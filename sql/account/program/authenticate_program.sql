create or replace function account.authenticate_program(p_token_hash bytea, p_at timestamptz)
returns account.program_token
language plpgsql volatile parallel unsafe
set search_path = ''
as $$
declare
  v_token account.program_token;
begin
  -- Found by a hash of 256 random bits: how long the search takes tells nothing about a token that is not known.
  select t.* into v_token
  from account.program_token t
  where t.token_hash = p_token_hash
    and t.revoked_at is null
    and t.expires_at > p_at;
  if not found then
    raise exception 'The service token is not valid' using errcode = 'SH401', hint = 'It is unknown, revoked or past its time.';
  end if;
  insert into policy.audit (happened_at, actor, action, subject)
  values (p_at, 'service ' || v_token.service, 'service_call', 'service_token ' || v_token.token_id);
  return v_token;
end;
$$;

comment on function account.authenticate_program(bytea, timestamptz) is
$$Which of our programs calls: the service of a valid token, told by its sha256. Every api function behind /internal begins with it, so a revoked token is refused at once. The call is noted in the audit log, which also tells whether an old token is still in use.
Errors: SH401 the token is unknown, revoked or past its time.$$;
