create or replace function policy.version(p_rule text, p_at timestamptz)
returns int
language sql stable parallel safe
begin atomic
  select r.version
  from policy.rule r
  where r.rule = p_rule
    and r.valid_at @> p_at;
end;

comment on function policy.version(text, timestamptz) is
$$The version of a rule in force at an instant; stored with the decisions that it shaped.
Null if no version is in force.$$;
