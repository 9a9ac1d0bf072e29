create or replace function account.set_consents(p_user_id uuid, p_consents jsonb, p_wording_version text, p_at timestamptz)
returns void
language plpgsql volatile parallel unsafe
set search_path = ''
as $$
declare
  v_wrong text;
begin
  perform account.lock_person(p_user_id);
  select w.channel || ' ' || w.purpose into v_wrong
  from jsonb_to_recordset(p_consents) as w (channel text, purpose text, granted boolean)
  where not exists (
    select
    from account.person p
    cross join lateral account.consent_choices(p.role) c
    where p.user_id = p_user_id
      and (c.channel, c.purpose) = (w.channel, w.purpose))
  limit 1;
  if found then
    raise exception 'Nobody of your role is asked for this consent' using errcode = 'SH422', column = 'consents', detail = v_wrong;
  end if;
  select w.channel || ' ' || w.purpose into v_wrong
  from jsonb_to_recordset(p_consents) as w (channel text, purpose text, granted boolean)
  group by w.channel, w.purpose
  having count(*) > 1;
  if found then
    raise exception 'A consent can be given or withdrawn, not both' using errcode = 'SH422', column = 'consents', detail = v_wrong;
  end if;
  perform case
    when w.granted then account.grant_consent(p_user_id, w.channel, w.purpose, p_at, 'app', p_wording_version, p_user_id::text)
    else account.withdraw_consent(p_user_id, w.channel, w.purpose, p_at, 'app', p_user_id::text) end
  from jsonb_to_recordset(p_consents) as w (channel text, purpose text, granted boolean);

  -- WhatsApp goes by phone number: nobody has to type the one that they signed in with again.
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
$$Gives and withdraws consents as a person chose in the app; those not named stay as they are. Repeatable: what is so already is left alone. Whoever agrees to WhatsApp and has a phone but no number there is reached at the phone's.
p_consents: [{channel, purpose, granted}]; p_wording_version: the text that was agreed to.
Errors: SH422 (consents) not one of the person's role, or named twice.$$;
