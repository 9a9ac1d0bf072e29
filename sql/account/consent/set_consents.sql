create or replace function account.set_consents(p_user_id uuid, p_consents jsonb, p_wording_version text, p_at timestamptz)
returns void
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_invalid text;
begin
  perform account.lock_person(p_user_id);
  select w.channel || ' ' || w.purpose into v_invalid
  from jsonb_to_recordset(p_consents) as w (channel text, purpose text, granted boolean)
  where not exists (
    select
    from account.person p
    cross join lateral account.consent_choices(p.role) c
    where p.user_id = p_user_id
      and (c.channel, c.purpose) = (w.channel, w.purpose))
  limit 1;
  if found then
    raise exception 'This consent does not exist for your role' using errcode = 'SH422', column = 'consents', detail = v_invalid;
  end if;
  select w.channel || ' ' || w.purpose into v_invalid
  from jsonb_to_recordset(p_consents) as w (channel text, purpose text, granted boolean)
  group by w.channel, w.purpose
  having count(*) > 1;
  if found then
    raise exception 'A consent is listed twice' using errcode = 'SH422', column = 'consents', detail = v_invalid;
  end if;
  perform case
    when w.granted then account.grant_consent(p_user_id, w.channel, w.purpose, p_at, 'app', p_wording_version, p_user_id::text)
    else account.withdraw_consent(p_user_id, w.channel, w.purpose, p_at, 'app', p_user_id::text) end
  from jsonb_to_recordset(p_consents) as w (channel text, purpose text, granted boolean);

  -- WhatsApp uses phone numbers, so the number for SMS is the default.
  insert into account.contact (user_id, channel, address, verified_at)
  select c.user_id, 'whatsapp', c.address, c.verified_at
  from account.contact c
  where c.user_id = p_user_id
    and c.channel = 'sms'
    and exists (
      select
      from jsonb_to_recordset(p_consents) as w (channel text, granted boolean)
      where w.channel = 'whatsapp'
        and w.granted)
  on conflict (user_id, channel) do nothing;
end;
$$;

comment on function account.set_consents(uuid, jsonb, text, timestamptz) is
$$Grants and withdraws consents as a person chose in the app; those that are not listed do not change. Idempotent.
p_consents: [{channel, purpose, granted}]. p_wording_version: the text that was agreed to.
A consent to WhatsApp copies the phone number of SMS, if WhatsApp has none. Errors: SH422 (consents): wrong role, listed twice.$$;
