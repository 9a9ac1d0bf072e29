create or replace function api.refresh(p_token_hash bytea, p_child_hashes bytea[])
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_session_id uuid;
  v_child_hash bytea;
begin
  -- Nothing is raised: reuse of an old token revokes the session, which must be committed.
  select r.session_id, r.child_hash into v_session_id, v_child_hash
  from account.rotate_refresh_token(p_token_hash, p_child_hashes, clock.now()) r;
  return jsonb_build_object('session', account.session_document(v_session_id, clock.now()), 'child', encode(v_child_hash, 'hex'));
end;
$$;

comment on function api.refresh(bytea, bytea[]) is
$$Exchanges a refresh token for a new access token and a new refresh token.
Each refresh token works once. If the answer was lost, the same call within 10 seconds returns the same new refresh token.
Reuse of an older token ends the session, as it may be stolen: 401.$$;
