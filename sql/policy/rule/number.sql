create or replace function policy.number(p_rule text, p_at timestamptz)
returns double precision
language sql stable parallel safe
return (policy.value(p_rule, p_at) #>> '{}')::double precision;

comment on function policy.number(text, timestamptz) is
$$The value in force of a rule that is a number, in the unit that policy.rule_definition names; null where none is in force.$$;
