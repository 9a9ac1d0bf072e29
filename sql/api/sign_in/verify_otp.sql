create or replace function api.verify_otp(
  p_request_id uuid, p_channel text, p_destination text, p_destination_macs bytea[], p_code_macs bytea[],
  p_refresh_hash bytea, p_agent text)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_user_id uuid := account.verify_code(p_request_id, p_channel, p_destination, p_destination_macs, p_code_macs, clock.now());
  v_session_id uuid;
begin
  -- Nothing is raised: a wrong try is counted, which must be committed.
  if v_user_id is not null then
    v_session_id := account.open_session(v_user_id, p_refresh_hash, p_agent, clock.now());
  end if;
  return jsonb_build_object('session', account.session_document(v_session_id, clock.now()));
end;
$$;

comment on function api.verify_otp(uuid, text, text, bytea[], bytea[], bytea, text) is
$$Signs in with a one-time code.
A code allows five tries and works once. A verified address of nobody becomes a new customer.
A wrong, expired, used or replaced code gets the same 401.$$;
