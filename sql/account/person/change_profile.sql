create or replace function account.change_profile(
  p_user_id uuid, p_name text, p_language text, p_address_form text, p_greeting text, p_time_zone text,
  p_quiet_from text, p_quiet_until text, p_preferred_channel text)
returns void
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_person account.person;
begin
  select p.* into v_person from account.person p where p.user_id = p_user_id for update;
  if p_name ~ '[\x01-\x1f\x7f-\x9f]' then
    raise exception 'A name cannot contain control characters' using errcode = 'SH422', column = 'name';
  end if;
  if p_time_zone <> '' and not exists (select from policy.time_zone z where z.name = p_time_zone) then
    raise exception 'The time zone is unknown' using errcode = 'SH422', column = 'time_zone', detail = p_time_zone,
      hint = 'Use an IANA name such as Asia/Dhaka.';
  end if;
  -- Empty text keeps the value; null removes it.
  v_person.quiet_from := case when p_quiet_from = '' then v_person.quiet_from else p_quiet_from::time end;
  v_person.quiet_until := case when p_quiet_until = '' then v_person.quiet_until else p_quiet_until::time end;
  if (v_person.quiet_from is null) <> (v_person.quiet_until is null) or v_person.quiet_from = v_person.quiet_until then
    raise exception 'Quiet hours need a begin and a different end' using errcode = 'SH422', column = 'quiet_until',
      hint = 'Send both times, or null for both.';
  end if;
  update account.person p
  set full_name = case when p_name = '' then p.full_name else nullif(btrim(normalize(p_name, nfc)), '') end,
      language = coalesce(nullif(p_language, ''), p.language),
      address_form = coalesce(nullif(p_address_form, ''), p.address_form),
      greeting = coalesce(nullif(p_greeting, ''), p.greeting),
      time_zone = case when p_time_zone = '' then p.time_zone else p_time_zone end,
      quiet_from = v_person.quiet_from,
      quiet_until = v_person.quiet_until,
      preferred_channel = case when p_preferred_channel = '' then p.preferred_channel else p_preferred_channel end
  where p.user_id = p_user_id;
end;
$$;

comment on function account.change_profile(uuid, text, text, text, text, text, text, text, text) is
$$Changes the profile of a person. For each argument, empty text keeps the value; null removes an optional one.
Errors: SH422 with the column: control characters in name, unknown time_zone, quiet_until missing or equal to quiet_from.$$;
