create or replace function api.finish_idempotent_call(p_actor uuid, p_key text, p_status int, p_body text)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = ''
as $$
begin
  update edge.idempotent_call c
  set status = p_status, body = p_body
  from account.session s
  where s.session_id = p_actor
    and c.user_id = s.user_id
    and c.key = p_key;
  return jsonb_build_object('stored', found);
end;
$$;

comment on function api.finish_idempotent_call(uuid, text, int, text) is
$$Stores the answer under an Idempotency-Key, in the transaction of its effect.$$;
