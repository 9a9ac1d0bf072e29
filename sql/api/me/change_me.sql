create or replace function api.change_me(
  p_actor uuid, p_if_match text, p_name text, p_language text, p_address_form text, p_greeting text, p_time_zone text,
  p_quiet_from text, p_quiet_until text, p_preferred_channel text, p_push_token text)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_person account.person := account.authenticate(p_actor, null, clock.now());
begin
  perform account.lock_person(v_person.user_id);
  perform edge.check_if_match(p_if_match, account.profile(v_person.user_id));
  perform account.change_profile(
    v_person.user_id, p_name, p_language, p_address_form, p_greeting, p_time_zone, p_quiet_from, p_quiet_until,
    p_preferred_channel);
  if p_push_token is distinct from '' then
    perform account.set_push_device(v_person.user_id, p_actor, p_push_token, clock.now());
  end if;
  return account.profile(v_person.user_id);
end;
$$;

comment on function api.change_me(uuid, text, text, text, text, text, text, text, text, text, text) is
$$Changes name, preferences and push device of the caller.
Omitted fields stay as they are; null clears name, time zone, preferred channel, device or quiet hours. Requires the ETag of GET /me
as If-Match; `*` suffices for a device. `push_token`: the token that Firebase gave this device. It replaces the person's previous
one, is removed from any other person, and is deleted when the session ends.
Errors: SH401 the session has ended; SH403 another role; SH412 the profile was changed meanwhile;
SH422 an unknown time zone, only one end of the quiet hours, or control characters; SH428 If-Match is missing.$$;
