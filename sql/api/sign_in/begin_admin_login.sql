create or replace function api.begin_admin_login(p_login text, p_address_key text)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_at timestamptz := clock.now();
  v_wait int;
begin
  -- No limit per login alone: guessing from elsewhere would lock the admin out.
  select max(t.retry_seconds) filter (where not t.allowed) into v_wait
  from (values
    ('admin_tries_per_address', p_address_key),
    ('admin_tries', p_address_key || ' ' || encode(sha256(convert_to(p_login, 'UTF8')), 'hex'))
  ) a (rate_limit, key)
  cross join lateral edge.consume_allowance(a.rate_limit, a.key, v_at) t;
  return (
    select jsonb_build_object(
      'wait_seconds', v_wait,
      'user_id', a.user_id,
      'password_hash', a.password_hash,
      'sealed_totp', encode(a.sealed_totp, 'hex'))
    from (select) one
    left join account.admin_credential a
      on v_wait is null
     and a.login = p_login
     and exists (
       select
       from account.person p
       where p.user_id = a.user_id
         and p.disabled_at is null
         and p.erased_at is null));
end;
$$;

comment on function api.begin_admin_login(text, text) is
$$Counts an attempt to sign in as an admin, and returns the credential that the app verifies.
The app verifies, as only it can open the sealed TOTP secret, and Postgres has no argon2.
Result: {wait_seconds, user_id, password_hash, sealed_totp (hex)}. wait_seconds: until the next attempt, null = none. The others are
null for an unknown login, a disabled admin, or during a wait.$$;
