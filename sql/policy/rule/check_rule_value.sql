create or replace function policy.check_rule_value(p_rule text, p_value jsonb)
returns void
language plpgsql stable parallel safe
set search_path = ''
as $$
declare
  v_kind policy.rule_definition;
begin
  select k.* into v_kind from policy.rule_definition k where k.rule = p_rule;
  if jsonb_typeof(p_value) <> v_kind.value_type then
    raise exception 'The value of a rule has another type' using errcode = 'SH422', column = 'value',
      detail = p_rule || ': ' || p_value, hint = 'Give a ' || v_kind.value_type || '.';
  end if;
  -- case, as the sides of an "and" are evaluated in any order, and only a number can be cast to one.
  if (case v_kind.value_type
        when 'number' then not (p_value #>> '{}')::numeric between coalesce(v_kind.minimum, '-infinity') and coalesce(v_kind.maximum, 'infinity')
      end) then
    raise exception 'The value of a rule is out of its bounds' using errcode = 'SH422', column = 'value',
      detail = p_rule || ': ' || p_value, hint = format('Between %s and %s %s.', v_kind.minimum, v_kind.maximum, v_kind.unit);
  end if;
  if v_kind.value_type = 'boolean' and v_kind.meaning ~ 'annot be switched off' and p_value <> 'true' then
    raise exception 'This rule cannot be switched off' using errcode = 'SH422', column = 'value', detail = p_rule;
  end if;
  if p_rule = 'default_zone' and not exists (select from policy.time_zone z where z.name = p_value #>> '{}') then
    raise exception 'The default time zone is not one that this server knows' using errcode = 'SH422', column = 'value',
      detail = p_value::text, hint = 'Give an IANA name of policy.time_zone.';
  end if;
end;
$$;

comment on function policy.check_rule_value(text, jsonb) is
$$Refuses a value that does not fit the kind of a rule.
Errors: SH422 (column value) another type, out of bounds, a rule that cannot be switched off, an unknown time zone.$$;
