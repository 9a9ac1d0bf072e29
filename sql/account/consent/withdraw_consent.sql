create or replace function account.withdraw_consent(
  p_user_id uuid, p_channel text, p_purpose text, p_at timestamptz, p_source text, p_actor text)
returns boolean
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_withdrawn_at timestamptz;
  v_retry_step interval := interval '1 microsecond';
begin
  perform account.lock_person(p_user_id);
  select greatest(p_at, lower(c.valid_at) + interval '1 microsecond') into v_withdrawn_at
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
      set valid_at = tstzrange(lower(c.valid_at), v_withdrawn_at),
          withdrawn_source = p_source,
          withdrawn_actor = p_actor
      where c.user_id = p_user_id
        and c.channel = p_channel
        and c.purpose = p_purpose
        and upper_inf(c.valid_at);
      return found;
    exception when foreign_key_violation then
      -- A delivery at this microsecond, or between the start of this transaction and the lock, refers to the consent:
      -- withdraw after it. The instant of the delivery is not visible here, so the steps double.
      if v_retry_step > interval '1 day' then
        raise;
      end if;
      v_withdrawn_at := v_withdrawn_at + v_retry_step;
      v_retry_step := v_retry_step * 2;
    end;
  end loop;
end;
$$;

comment on function account.withdraw_consent(uuid, text, text, timestamptz, text, text) is
$$Ends a consent at an instant, or after the messages that were sent under it at or after that instant. Idempotent.
Claims after the end do not find it. Result: true if a consent was in force.
Errors: foreign_key_violation if such a message was sent days after p_at.$$;
