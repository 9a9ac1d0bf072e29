create or replace function policy.value(p_rule text, p_at timestamptz)
returns jsonb
language sql stable parallel safe
begin atomic
  select r.value
  from policy.rule r
  where r.rule = p_rule
    and r.valid_at @> p_at;
end;

comment on function policy.value(text, timestamptz) is
$$The value of a rule in force at an instant, as stored.
Null if no version is in force.$$;
