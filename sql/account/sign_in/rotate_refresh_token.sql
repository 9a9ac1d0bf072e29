create or replace function account.rotate_refresh_token(p_token_hash bytea, p_child_hashes bytea[], p_at timestamptz)
returns table (session_id uuid, child_hash bytea)
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  v_token account.refresh_token;
  v_session_id uuid;
  v_until timestamptz := p_at + make_interval(days => policy.number('session.refresh_for', p_at)::int);
begin
  select t.session_id into v_session_id from account.refresh_token t where t.token_hash = p_token_hash;
  if not found then
    return;
  end if;
  -- The row lock on the session serializes concurrent uses of its tokens; later statements read after it.
  perform 1 from account.session s where s.session_id = v_session_id for update;
  if not exists (select from account.live_session_person(v_session_id, p_at)) then
    return;
  end if;
  select t.* into v_token from account.refresh_token t where t.token_hash = p_token_hash;
  if v_token.expires_at <= p_at then
    return;
  end if;
  if v_token.used_at is null then
    update account.refresh_token t set used_at = p_at where t.token_hash = p_token_hash;
    update account.session s set last_used_at = p_at, expires_at = v_until where s.session_id = v_session_id;
    insert into account.refresh_token (token_hash, session_id, parent_hash, issued_at, expires_at)
    values (p_child_hashes[1], v_session_id, p_token_hash, p_at, v_until);
    return query select v_session_id, p_child_hashes[1];
    return;
  end if;
  -- The answer may have been lost: while the child is unused, its parent gets the same child again.
  if v_token.used_at > p_at - make_interval(secs => policy.number('session.grace', p_at)) then
    return query
      select v_session_id, c.token_hash
      from account.refresh_token c
      where c.parent_hash = p_token_hash
        and c.token_hash = any(p_child_hashes)
        and c.used_at is null;
    if found then
      return;
    end if;
  end if;
  -- Use of an old token means that it was copied: revoke the session.
  update account.session s set revoked_at = p_at, revoked_reason = 'token_reused' where s.session_id = v_session_id;
  insert into policy.audit (happened_at, actor, action, subject)
  select p_at, s.user_id::text, 'token_reused', 'session ' || v_session_id from account.session s where s.session_id = v_session_id;
end;
$$;

comment on function account.rotate_refresh_token(bytea, bytea[], timestamptz) is
$$Uses a refresh token once and replaces it with its child; tokens are given as SHA-256 hashes.
p_child_hashes: derived from the parent with each key in use, newest key first, so a retry within session.grace seconds
gets the same child. Result: session and child token; no row = refused.
The use of an older token revokes the session; nothing is raised, as that must be committed.$$;
