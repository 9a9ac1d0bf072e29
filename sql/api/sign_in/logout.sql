create or replace function api.logout(p_token_hash bytea)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform account.revoke_session(t.session_id, 'signed_out', clock.now())
  from account.refresh_token t
  where t.token_hash = p_token_hash;
  return jsonb_build_object('signed_out', true);
end;
$$;

comment on function api.logout(bytea) is
$$Ends the session of a refresh token.
Its access token is refused from then on. Repeatable; an unknown token gets the same answer.$$;
