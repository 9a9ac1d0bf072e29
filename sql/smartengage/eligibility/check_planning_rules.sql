create or replace function smartengage.check_planning_rules(p_rules jsonb)
returns void
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_rule text;
  v_value jsonb;
  v_message text;
  v_hint text;
begin
  for v_rule, v_value in select x.key, x.value from jsonb_each(p_rules) x order by x.key loop
    if not exists (select from smartengage.planning_rule p where p.rule = v_rule) then
      raise exception 'Planning has no such rule' using errcode = 'SH422', column = 'rules.' || v_rule, detail = v_value::text,
        hint = 'Rules of planning: ' || (select string_agg(p.rule, ', ' order by p.rule) from smartengage.planning_rule p) || '.';
    end if;
    begin
      perform policy.check_rule_value(v_rule, v_value);
    exception when sqlstate 'SH422' then
      get stacked diagnostics v_message = message_text, v_hint = pg_exception_hint;
      raise exception '%', v_message using errcode = 'SH422', column = 'rules.' || v_rule, detail = v_value::text, hint = v_hint;
    end;
  end loop;
end;
$$;

comment on function smartengage.check_planning_rules(jsonb) is
$$Refuses values of rules ({rule: value}) that smartengage.planning_values cannot take.
Errors: SH422 (column rules.NAME) a rule that planning does not read, or a value of another type or out of bounds.$$;
