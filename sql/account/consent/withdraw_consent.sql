create or replace function account.withdraw_consent(
  p_user_id uuid, p_channel text, p_purpose text, p_at timestamptz, p_source text, p_actor text)
returns boolean
language plpgsql volatile parallel unsafe
set search_path = ''
as $$
declare
  v_until timestamptz;
  v_step interval := interval '1 microsecond';
begin
  perform account.lock_person(p_user_id);
  select greatest(p_at, lower(c.valid_at) + interval '1 microsecond') into v_until
  from account.consent c
  where c.user_id = p_user_id
    and c.channel = p_channel
    and c.purpose = p_purpose
    and upper_inf(c.valid_at);
  if not found then
    return false;
  end if;
  loop
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
      -- Something was sent under the consent at this very microsecond, or after our transaction began and before we
      -- held the person: the withdrawal counts from after it. Doubling steps, since who holds the consent cannot see what was sent.
      if v_step > interval '1 day' then
        raise;
      end if;
      v_until := v_until + v_step;
      v_step := v_step * 2;
    end;
  end loop;
end;
$$;

comment on function account.withdraw_consent(uuid, text, text, timestamptz, text, text) is
$$Closes an opt-in at an instant; from then on no claim finds it. Repeatable.
Result: true if one was in force.$$;
