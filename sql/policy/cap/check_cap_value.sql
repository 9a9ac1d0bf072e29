create or replace function policy.check_cap_value(p_cap text, p_value jsonb)
returns void
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_last policy.cap;
  v_invalid record;
begin
  if jsonb_typeof(p_value) <> 'object' then
    raise exception 'The value of a cap must be an object' using errcode = 'SH422', column = 'value',
      hint = 'Give max_messages and window_hours, or null to end the cap.';
  end if;
  select c.* into v_last from policy.cap c where c.cap = p_cap order by c.version desc limit 1;
  select * into v_invalid
  from (values
    ('max_messages', 'an integer from 0, or null for no limit',
     p_value ? 'max_messages' and coalesce(p_value ->> 'max_messages', '0') ~ '^\d{1,6}$'
     and jsonb_typeof(p_value -> 'max_messages') in ('number', 'null')),
    -- Same bounds as constraint cap_window_is_positive.
    ('window_hours', 'an integer from 1 to 8784 (hours)',
     coalesce(jsonb_typeof(p_value -> 'window_hours') = 'number' and p_value ->> 'window_hours' ~ '^\d{1,4}$'
              and (p_value ->> 'window_hours')::numeric between 1 and 8784, false)),
    ('purpose', 'outreach, coaching or voice; the purpose of an existing cap cannot change',
     coalesce(p_value ->> 'purpose' in ('outreach', 'coaching', 'voice'), false)
     and (v_last.cap is null or v_last.purpose = p_value ->> 'purpose')),
    ('channel', 'email, sms, whatsapp, push, in_app, or null for all channels; the channel of an existing cap cannot change',
     coalesce(p_value ->> 'channel' in ('email', 'sms', 'whatsapp', 'push', 'in_app'), true)
     and (v_last.cap is null or v_last.channel is not distinct from p_value ->> 'channel'))
  ) as f (field, expected, holds)
  where not f.holds
  limit 1;
  if found then
    raise exception 'A field of the cap is invalid' using errcode = 'SH422', column = 'value.' || v_invalid.field,
      detail = coalesce((p_value -> v_invalid.field)::text, 'missing'), hint = 'Give ' || v_invalid.expected || '.';
  end if;
  select k.field into v_invalid
  from jsonb_object_keys(p_value) as k (field)
  where k.field not in ('max_messages', 'window_hours', 'purpose', 'channel')
  limit 1;
  if found then
    raise exception 'Unknown field of a cap' using errcode = 'SH422', column = 'value', detail = v_invalid.field;
  end if;
  if v_last.cap is null and p_cap !~ '^[a-z][a-z0-9_]{2,39}$' then
    raise exception 'The name of a cap must be lower-case letters, digits and underscores' using errcode = 'SH422',
      column = 'rule', detail = p_cap, hint = 'Give 3 to 40 characters, beginning with a letter.';
  end if;
end;
$$;

comment on function policy.check_cap_value(text, jsonb) is
$$Raises an error for an invalid value of a cap: {max_messages, window_hours, purpose, channel}.
Purpose and channel of an existing cap cannot change. Errors: SH422, column = the invalid field.$$;
