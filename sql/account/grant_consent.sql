create or replace function account.grant_consent(
  p_user_id uuid, p_channel text, p_purpose text, p_at timestamptz, p_source text, p_wording_version text, p_actor text)
returns boolean
language plpgsql volatile
set search_path = ''
as $$
begin
  perform account.lock_person(p_user_id);
  if exists (select from account.consented(p_user_id, p_channel, p_purpose, p_at)) then
    return false;
  end if;
  insert into account.consent (user_id, channel, purpose, valid_at, source, wording_version, actor)
  values (p_user_id, p_channel, p_purpose, tstzrange(p_at, null), p_source, p_wording_version, p_actor);
  return true;
end;
$$;

comment on function account.grant_consent(uuid, text, text, timestamptz, text, text, text) is
$$Records an opt-in from an instant on. Repeatable.
Result: true if it is new, false if it was in force already.$$;
