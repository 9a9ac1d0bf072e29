create or replace function policy.check_cap_value(p_cap text, p_value jsonb)
returns void
language plpgsql stable parallel safe
set search_path = ''
as $$
declare
  v_last policy.cap;
  v_fault record;
begin
  if jsonb_typeof(p_value) <> 'object' then
    raise exception 'The value of a cap is an object' using errcode = 'SH422', column = 'value',
      hint = 'Give max_messages and window_hours; null ends the cap.';
  end if;
  select c.* into v_last from policy.cap c where c.cap = p_cap order by c.version desc limit 1;
  select * into v_fault
  from (values
    ('max_messages', 'a whole number from 0 on, or null for no limit',
     p_value ? 'max_messages' and coalesce(p_value ->> 'max_messages', '0') ~ '^\d{1,6}$'
     and jsonb_typeof(p_value -> 'max_messages') in ('number', 'null')),
    -- The bounds of the constraint cap_window_is_positive.
    ('window_hours', 'a whole number of hours from 1 to 8784',
     coalesce(jsonb_typeof(p_value -> 'window_hours') = 'number' and p_value ->> 'window_hours' ~ '^\d{1,4}$'
              and (p_value ->> 'window_hours')::numeric between 1 and 8784, false)),
    ('purpose', 'outreach, coaching or voice; that of the cap where there is one',
     coalesce(p_value ->> 'purpose' in ('outreach', 'coaching', 'voice'), false)
     and (v_last.cap is null or v_last.purpose = p_value ->> 'purpose')),
    ('channel', 'email, sms, whatsapp, push, in_app, or null for all together; that of the cap where there is one',
     coalesce(p_value ->> 'channel' in ('email', 'sms', 'whatsapp', 'push', 'in_app'), true)
     and (v_last.cap is null or v_last.channel is not distinct from p_value ->> 'channel'))
  ) as f (field, wanted, holds)
  where not f.holds
  limit 1;
  if found then
    raise exception 'The value of a cap does not fit' using errcode = 'SH422', column = 'value.' || v_fault.field,
      detail = coalesce((p_value -> v_fault.field)::text, 'missing'), hint = 'Give ' || v_fault.wanted || '.';
  end if;
  select k.field into v_fault
  from jsonb_object_keys(p_value) as k (field)
  where k.field not in ('max_messages', 'window_hours', 'purpose', 'channel')
  limit 1;
  if found then
    raise exception 'A cap has no such field' using errcode = 'SH422', column = 'value', detail = v_fault.field;
  end if;
  if v_last.cap is null and p_cap !~ '^[a-z][a-z0-9_]{2,39}$' then
    raise exception 'A cap is named in lower-case letters, digits and underscores' using errcode = 'SH422', column = 'rule', detail = p_cap;
  end if;
end;
$$;

comment on function policy.check_cap_value(text, jsonb) is
$$Refuses a value that no cap can have, naming the field: {max_messages, window_hours, purpose, channel}. Purpose and channel of a cap stay what they are.
Errors: SH422 with the field that cannot be.$$;
