create or replace function edge.finish_idempotent_call(p_user_id uuid, p_key text, p_status int, p_body text)
returns boolean
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
begin
  update edge.idempotent_call c
  set status = p_status, body = p_body
  where c.user_id = p_user_id
    and c.key = p_key;
  return found;
end;
$$;

comment on function edge.finish_idempotent_call(uuid, text, int, text) is
$$Stores the answer under a person's Idempotency-Key, in the transaction of its effect. Result: false for an unknown key.$$;
