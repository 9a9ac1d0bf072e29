create or replace function account.grant_consent(
  p_user_id uuid, p_channel text, p_purpose text, p_at timestamptz, p_source text, p_wording_version text, p_actor text)
returns boolean
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_from timestamptz;
begin
  perform account.lock_person(p_user_id);
  -- Not before the last withdrawal, which may come from a transaction that began after this one.
  select greatest(p_at, max(upper(c.valid_at))) into v_from
  from account.consent c
  where c.user_id = p_user_id
    and c.channel = p_channel
    and c.purpose = p_purpose
  having not coalesce(bool_or(upper_inf(c.valid_at)), false);
  if not found then
    return false;
  end if;
  insert into account.consent (user_id, channel, purpose, valid_at, source, wording_version, actor)
  values (p_user_id, p_channel, p_purpose, tstzrange(v_from, null), p_source, p_wording_version, p_actor);
  return true;
end;
$$;

comment on function account.grant_consent(uuid, text, text, timestamptz, text, text, text) is
$$Records a consent from an instant on, or from the last withdrawal if that is later. Idempotent.
Result: true if it is new; false if a consent was in force.$$;
