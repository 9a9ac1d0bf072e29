create or replace function policy.number(p_rule text, p_at timestamptz)
returns double precision
language sql stable parallel safe
return (policy.value(p_rule, p_at) #>> '{}')::double precision;

comment on function policy.number(text, timestamptz) is
$$The value of a numeric rule in force at an instant, in the unit given by policy.rule_definition.
Null if no version is in force.$$;
