create or replace function api.finish_idempotent_call(p_actor uuid, p_key text, p_status int, p_body text)
returns jsonb
language sql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  -- api.begin_idempotent_call has authenticated the caller.
  select jsonb_build_object('stored', edge.finish_idempotent_call(
    (select s.user_id from account.session s where s.session_id = p_actor), p_key, p_status, p_body));
end;

comment on function api.finish_idempotent_call(uuid, text, int, text) is
$$Stores the answer under an Idempotency-Key, in the transaction of its effect.
Result: {stored}; false for an unknown key.$$;
