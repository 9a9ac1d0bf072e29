create or replace function account.set_admin_credential(
  p_login text, p_password_hash text, p_user_id uuid, p_sealed_totp bytea, p_at timestamptz)
returns uuid
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_user_id uuid;
begin
  select a.user_id into v_user_id from account.admin_credential a where a.login = p_login for update;
  if not found then
    insert into account.person (user_id, role, created_at) values (p_user_id, 'admin', p_at);
    insert into account.admin_credential (user_id, login, password_hash, sealed_totp, changed_at)
    values (p_user_id, p_login, p_password_hash, p_sealed_totp, p_at);
    v_user_id := p_user_id;
  else
    update account.admin_credential a
    set password_hash = p_password_hash, sealed_totp = p_sealed_totp, totp_step = 0, changed_at = p_at
    where a.user_id = v_user_id;
    update account.session s
    set revoked_at = p_at, revoked_reason = 'credential_changed'
    where s.user_id = v_user_id
      and s.revoked_at is null;
  end if;
  insert into policy.audit (happened_at, actor, action, subject)
  values (p_at, session_user, 'set_admin', 'person ' || v_user_id);
  return v_user_id;
end;
$$;

comment on function account.set_admin_credential(text, text, uuid, bytea, timestamptz) is
$$Creates an admin, or replaces password and TOTP secret of an existing one, which revokes their sessions.
For the owner of the database, not callable over HTTP. p_password_hash: argon2id. p_sealed_totp: bound to the login.
p_user_id: id of a new admin. Result: the id of the admin.$$;
