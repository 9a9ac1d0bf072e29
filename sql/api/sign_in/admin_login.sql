create or replace function api.admin_login(
  p_user_id uuid, p_password_hash text, p_totp_step bigint, p_rehashed text, p_refresh_hash bytea, p_agent text)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_session_id uuid;
begin
  if account.consume_totp_step(p_user_id, p_password_hash, p_totp_step, p_rehashed) then
    v_session_id := account.open_session(p_user_id, p_refresh_hash, p_agent, clock.now());
  end if;
  return jsonb_build_object('session', account.session_document(v_session_id, clock.now()));
end;
$$;

comment on function api.admin_login(uuid, text, bigint, text, bytea, text) is
$$Signs in an admin, by password and the code of an authenticator app.
Each code works once. After ten wrong tries from one network address there is a wait (429).$$;
