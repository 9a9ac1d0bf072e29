create or replace function api.begin_idempotent_call(p_actor uuid, p_key text, p_request_hash bytea)
returns jsonb
language sql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select jsonb_build_object('status', c.status, 'body', c.body)
  from account.authenticate(p_actor, null, clock.now()) p
  cross join lateral edge.begin_idempotent_call(p.user_id, p_key, p_request_hash, clock.now()) c;
end;

comment on function api.begin_idempotent_call(uuid, text, bytea) is
$$Reserves an Idempotency-Key before a call, in the same transaction.
Result: {status, body} of the stored answer; both null for a new key.
Errors: SH401 the session has ended; SH409 the first request is still running; SH422 the key was used for another request.$$;
