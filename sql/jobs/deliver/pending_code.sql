create or replace function jobs.pending_code(p_request_id uuid)
returns jsonb
language sql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select jsonb_build_object(
    'sealed', encode(c.sealed, 'hex'),
    'channel', c.channel,
    'language', c.language,
    'minutes', (policy.number('sign_in.code_valid', clock.now()) / 60)::int)
  from (select) one
  left join account.one_time_code c
    on c.request_id = p_request_id
   and c.sent_at is null
   and c.used_at is null
   and c.superseded_at is null
   and c.expires_at > clock.now();
end;

comment on function jobs.pending_code(uuid) is
$$The sealed one-time code of a request; the only function that returns it.
Repeatable: after a crash the same code may be sent twice.
Result: {sealed (hex), channel, language, minutes (validity)}; sealed is null once the code was sent, used, replaced or has
expired.$$;
