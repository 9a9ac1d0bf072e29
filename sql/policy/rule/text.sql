create or replace function policy.text(p_rule text, p_at timestamptz)
returns text
language sql stable parallel safe
return policy.value(p_rule, p_at) #>> '{}';

comment on function policy.text(text, timestamptz) is
$$The value of a string rule in force at an instant.
Null if no version is in force.$$;
