create or replace function policy.check_change(p_rule text, p_value jsonb, p_from timestamptz, p_reason text, p_at timestamptz)
returns void
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_kind text := (select d.kind from policy.setting_definition d where d.rule = p_rule);
  v_cap policy.cap;
begin
  if coalesce(p_reason, '') ~ '^\s*$' then
    raise exception 'A reason is required' using errcode = 'SH422', column = 'reason';
  end if;
  if p_from < p_at then
    raise exception 'A change cannot take effect in the past' using errcode = 'SH422', column = 'effective_from',
      detail = p_from::text, hint = 'Omit it for now, or give a future instant.';
  end if;
  if v_kind is null and (jsonb_typeof(p_value) <> 'object' or not p_value ? 'purpose') then
    raise exception 'There is no such rule' using errcode = 'SH422', column = 'rule', detail = p_rule,
      hint = 'A new cap needs a value with max_messages, window_hours, purpose and channel.';
  end if;
  if v_kind = 'rule' then
    perform policy.check_rule_value(p_rule, p_value);
    return;
  end if;
  if p_value <> 'null' then
    perform policy.check_cap_value(p_rule, p_value);
    return;
  end if;
  select c.* into v_cap from policy.cap c where c.cap = p_rule and c.valid_at @> coalesce(p_from, p_at);
  if not found then
    raise exception 'The cap is not in force' using errcode = 'SH422', column = 'value', detail = p_rule;
  end if;
  if not policy.is_capped_by_others(p_rule, v_cap.purpose, v_cap.channel, coalesce(p_from, p_at)) then
    raise exception 'The last cap of a purpose cannot be ended' using errcode = 'SH422', column = 'value', detail = p_rule,
      hint = 'A purpose without a cap sends nothing. Set max_messages to null for no limit, or to 0 for none.';
  end if;
end;
$$;

comment on function policy.check_change(text, jsonb, timestamptz, text, timestamptz) is
$$Raises an error for an invalid change of a rule or cap, whoever asks for it; p_from null = at p_at.
Errors: SH422 with the field: unknown rule, wrong type or bounds, a past instant, no reason, the last cap of a purpose.$$;
