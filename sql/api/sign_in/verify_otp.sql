create or replace function api.verify_otp(
  p_request_id uuid, p_channel text, p_destination text, p_destination_macs bytea[], p_code_macs bytea[],
  p_refresh_hash bytea, p_agent text)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = ''
as $$
declare
  v_user_id uuid := account.verify_code(p_request_id, p_channel, p_destination, p_destination_macs, p_code_macs, clock.now());
  v_session_id uuid;
begin
  -- A wrong try must stay counted, so nothing is raised.
  if v_user_id is not null then
    v_session_id := account.open_session(v_user_id, p_refresh_hash, p_agent, clock.now());
  end if;
  return jsonb_build_object('session', account.session_document(v_session_id, clock.now()));
end;
$$;

comment on function api.verify_otp(uuid, text, text, bytea[], bytea[], bytea, text) is
$$Signs in with a one-time code.
Five tries a code; a right one works once; a verified address that nobody has becomes a new customer. Every other outcome is the same 401: wrong, expired, used, replaced by a newer one.$$;
