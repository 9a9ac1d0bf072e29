create or replace function api.refresh(p_token_hash bytea, p_child_hashes bytea[])
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = ''
as $$
declare
  v_session_id uuid;
  v_child_hash bytea;
begin
  -- The use of an old token must revoke, so nothing is raised.
  select r.session_id, r.child_hash into v_session_id, v_child_hash
  from account.rotate_refresh_token(p_token_hash, p_child_hashes, clock.now()) r;
  return jsonb_build_object('session', account.session_document(v_session_id, clock.now()), 'child', encode(v_child_hash, 'hex'));
end;
$$;

comment on function api.refresh(bytea, bytea[]) is
$$Takes a new access token and a new refresh token for a refresh token.
Each refresh token works once. If the answer was lost, the same call within 10 seconds gives the same new refresh token again. The use of an older one ends the session, as somebody else may have it: 401.$$;
