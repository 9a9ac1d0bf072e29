create or replace function policy.rule_loosens(p_direction text, p_old jsonb, p_new jsonb)
returns boolean
language sql immutable parallel safe
return case p_direction
  when 'up' then p_new > p_old
  when 'down' then p_new < p_old
  else false
end;

comment on function policy.rule_loosens(text, jsonb, jsonb) is
$$Whether a new value of a rule protects people less than the old one.
p_direction: policy.rule_definition.loosens (up, down; null = never). Such values are numbers, which jsonb compares by value.$$;
