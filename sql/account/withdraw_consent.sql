create or replace function account.withdraw_consent(
  p_user_id uuid, p_channel text, p_purpose text, p_at timestamptz, p_source text, p_actor text)
returns boolean
language plpgsql volatile
set search_path = ''
as $$
declare
  v_until timestamptz;
begin
  perform account.lock_person(p_user_id);
  select greatest(p_at, lower(c.valid_at) + interval '1 microsecond') into v_until
  from account.consent c
  where c.user_id = p_user_id
    and c.channel = p_channel
    and c.purpose = p_purpose
    and c.valid_at @> greatest(p_at, lower(c.valid_at));
  if not found then
    return false;
  end if;
  for v_try in 0..1 loop
    begin
      update account.consent c
      set valid_at = tstzrange(lower(c.valid_at), v_until),
          withdrawn_source = p_source,
          withdrawn_actor = p_actor
      where c.user_id = p_user_id
        and c.channel = p_channel
        and c.purpose = p_purpose
        and upper_inf(c.valid_at);
      return found;
    exception when foreign_key_violation then
      -- Something was sent at this very microsecond under the consent: the withdrawal counts from the next.
      if v_try = 1 then
        raise;
      end if;
      v_until := v_until + interval '1 microsecond';
    end;
  end loop;
end;
$$;

comment on function account.withdraw_consent(uuid, text, text, timestamptz, text, text) is
$$Closes an opt-in at an instant; from then on no claim finds it. Repeatable.
Result: true if one was in force.$$;
