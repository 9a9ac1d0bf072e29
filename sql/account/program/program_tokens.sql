create or replace function account.program_tokens()
returns table (token_id uuid, service text, made_at timestamptz, expires_at timestamptz, revoked_at timestamptz, last_used_at timestamptz)
language sql stable parallel safe
begin atomic
  select t.token_id, t.service, t.made_at, t.expires_at, t.revoked_at, (
    select max(a.happened_at)
    from policy.audit a
    where a.subject = 'service_token ' || t.token_id
      and a.action = 'service_call')
  from account.program_token t
  order by t.service, t.made_at;
end;

comment on function account.program_tokens() is
$$Every token of our programs, without its hash. last_used_at: null = never; a token that is still used must not be revoked yet.$$;
