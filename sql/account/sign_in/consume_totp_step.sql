create or replace function account.consume_totp_step(
  p_user_id uuid, p_password_hash text, p_totp_step bigint, p_new_password_hash text)
returns boolean
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
begin
  -- The row lock serializes concurrent uses of a code: a step is accepted once, and never an earlier one after it.
  update account.admin_credential a
  set totp_step = p_totp_step, password_hash = coalesce(p_new_password_hash, a.password_hash)
  where a.user_id = p_user_id
    and a.password_hash = p_password_hash
    and a.totp_step < p_totp_step;
  return found;
end;
$$;

comment on function account.consume_totp_step(uuid, text, bigint, text) is
$$Marks a TOTP step of an admin as used, after the app has verified password and code.
p_password_hash: the hash that was verified; p_new_password_hash: replaces it, null = keep.
Result: false if the step or a later one was used, or the password has changed meanwhile.$$;
