create or replace function account.program_tokens()
returns table (
  token_id uuid, program text, created_at timestamptz, expires_at timestamptz, revoked_at timestamptz, last_used_at timestamptz)
language sql stable parallel safe
begin atomic
  select t.token_id, t.program, t.created_at, t.expires_at, t.revoked_at, (
    select max(a.happened_at)
    from policy.audit a
    where a.subject = 'service_token ' || t.token_id
      and a.action = 'service_call')
  from account.program_token t
  order by t.program, t.created_at;
end;

comment on function account.program_tokens() is
$$Every token of our programs, without its hash.
last_used_at: null = never used. Do not revoke a token that is still in use.$$;
