create or replace function policy.check_rule_value(p_rule text, p_value jsonb)
returns void
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_definition policy.rule_definition;
begin
  select d.* into v_definition from policy.rule_definition d where d.rule = p_rule;
  if jsonb_typeof(p_value) <> v_definition.value_type then
    raise exception 'The value has the wrong type for this rule' using errcode = 'SH422', column = 'value',
      detail = p_rule || ': ' || p_value, hint = 'The type must be ' || v_definition.value_type || '.';
  end if;
  -- A case, because "and" has no evaluation order and the cast fails for values that are not numbers.
  if (case v_definition.value_type
        when 'number' then not (p_value #>> '{}')::numeric
          between coalesce(v_definition.minimum, '-infinity') and coalesce(v_definition.maximum, 'infinity')
      end) then
    raise exception 'The value is out of bounds' using errcode = 'SH422', column = 'value',
      detail = p_rule || ': ' || p_value,
      hint = format('Give a value between %s and %s %s.', v_definition.minimum, v_definition.maximum, v_definition.unit);
  end if;
  if v_definition.always_true and p_value <> 'true' then
    raise exception 'This rule cannot be switched off' using errcode = 'SH422', column = 'value', detail = p_rule;
  end if;
  if p_rule = 'default_zone' and not exists (select from policy.time_zone z where z.name = p_value #>> '{}') then
    raise exception 'The default time zone is unknown' using errcode = 'SH422', column = 'value',
      detail = p_value::text, hint = 'Give an IANA name that policy.time_zone contains.';
  end if;
end;
$$;

comment on function policy.check_rule_value(text, jsonb) is
$$Raises an error if a value does not fit the definition of a rule.
Errors: SH422 (column value): wrong type, out of bounds, a rule that cannot be switched off, an unknown time zone.$$;
