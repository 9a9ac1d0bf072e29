create or replace function edge.begin_idempotent_call(p_user_id uuid, p_key text, p_request_hash bytea, p_at timestamptz)
returns edge.idempotent_call
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
set lock_timeout = '1s'
as $$
declare
  v_call edge.idempotent_call;
begin
  -- A key expires after a day, also where edge.prune_expired has not deleted it yet.
  delete from edge.idempotent_call c
  where c.user_id = p_user_id
    and c.key = p_key
    and c.called_at < p_at - interval '24 hours';
  -- The primary key serializes concurrent calls: the second waits here until the transaction of the first ends.
  insert into edge.idempotent_call as c (user_id, key, request_hash, called_at)
  values (p_user_id, p_key, p_request_hash, p_at)
  on conflict (user_id, key) do nothing
  returning c.* into v_call;
  if found then
    return v_call;
  end if;
  select c.* into v_call from edge.idempotent_call c where c.user_id = p_user_id and c.key = p_key;
  if v_call.request_hash <> p_request_hash then
    raise exception 'This Idempotency-Key was used for another request' using errcode = 'SH422', column = 'idempotency-key',
      hint = 'Use a new key for each request.';
  end if;
  return v_call;
exception
  when lock_not_available then
    raise exception 'The request with this Idempotency-Key is still running' using errcode = 'SH409',
      hint = 'Retry later with the same key.';
end;
$$;

comment on function edge.begin_idempotent_call(uuid, text, bytea, timestamptz) is
$$Reserves an Idempotency-Key of a person for a request, in the transaction of its effect.
Result: the stored call; status is null for a new key, and that of the first answer for a repeated request.
Errors: SH422 the key was used for another request; SH409 the first request still runs after a second.$$;
