create or replace function account.verify_code(
  p_request_id uuid, p_channel text, p_destination text, p_destination_macs bytea[], p_code_macs bytea[], p_at timestamptz)
returns uuid
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_code account.one_time_code;
  v_user_id uuid;
  v_may_enter boolean;
begin
  -- The row lock serializes concurrent tries: each counts, and a right code is used once.
  update account.one_time_code c
  set tries = c.tries + 1,
      used_at = case when c.code_mac = any(p_code_macs) and c.destination_mac = any(p_destination_macs) then p_at end,
      sealed = case when c.code_mac = any(p_code_macs) and c.destination_mac = any(p_destination_macs) then null else c.sealed end
  where c.request_id = p_request_id
    and c.used_at is null
    and c.superseded_at is null
    and c.expires_at > p_at
    and c.tries < policy.number('sign_in.code_tries', p_at)
  returning c.* into v_code;
  if v_code.used_at is null then
    return null;
  end if;
  if v_code.user_id is not null then
    update account.contact o
    set verified_at = coalesce(o.verified_at, p_at)
    where o.user_id = v_code.user_id
      and o.channel = p_channel;
    return (
      select p.user_id
      from account.person p
      where p.user_id = v_code.user_id
        and p.disabled_at is null
        and p.erased_at is null);
  end if;
  if not (policy.value('sign_in.allow_sign_up', p_at))::boolean then
    return null;
  end if;
  -- Two codes to one new destination may both be right: the lock lets the second find the person of the first.
  perform pg_advisory_xact_lock(hashtextextended(encode(p_destination_macs[1], 'hex'), 11));
  select o.user_id, p.role <> 'admin' and p.disabled_at is null and p.erased_at is null
  into v_user_id, v_may_enter
  from account.contact o
  join account.person p on p.user_id = o.user_id
  where o.channel = p_channel
    and lower(o.address) = p_destination
  order by 2 desc, o.verified_at nulls last, o.user_id
  limit 1;
  -- Disabled, erased and admin accounts cannot sign in by code, nor sign up again.
  if found and not v_may_enter then
    return null;
  end if;
  if not found then
    insert into account.person (role, language, created_at)
    values ('customer', v_code.language, p_at)
    returning user_id into v_user_id;
    insert into account.contact (user_id, channel, address, verified_at)
    values (v_user_id, p_channel, p_destination, p_at);
  end if;
  return v_user_id;
end;
$$;

comment on function account.verify_code(uuid, text, text, bytea[], bytea[], timestamptz) is
$$Tries a one-time code: each try counts, a right code works once, and only the newest code of a destination is valid.
A verified destination without an account becomes a new customer (rule sign_in.allow_sign_up).
p_destination_macs, p_code_macs: made with each key in use.
Result: the id of the person; null for any failure (wrong, expired, used, superseded, out of tries), without distinction.$$;
