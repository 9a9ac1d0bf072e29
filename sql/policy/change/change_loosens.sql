create or replace function policy.change_loosens(p_rule text, p_value jsonb, p_from timestamptz)
returns boolean
language sql stable parallel safe
begin atomic
  with kind as (
    select k.rule, k.kind, k.loosens from policy.setting_definition k where k.rule = p_rule
  ),
  -- All that would be in force from then on, were it not for the change: what was set for later, too.
  replaced as (
    select s.value from policy.setting_version s where s.rule = p_rule and s.valid_at && tstzrange(p_from, null)
  )
  select case
    when exists (select from kind k where k.kind = 'rule') then
      coalesce((select bool_or(policy.rule_loosens(k.loosens, r.value, p_value)) from kind k cross join replaced r), false)
    when p_value = 'null' then true
    else coalesce(
      (select bool_or(policy.cap_loosens(
                (r.value ->> 'max_messages')::int, (r.value ->> 'window_hours')::int,
                (p_value ->> 'max_messages')::int, (p_value ->> 'window_hours')::int))
       from replaced r),
      -- A cap beside others only tightens; the first of its kind opens what was shut.
      not policy.is_capped_by_others(p_rule, p_value ->> 'purpose', p_value ->> 'channel', p_from))
  end;
end;

comment on function policy.change_loosens(text, jsonb, timestamptz) is
$$Whether setting a rule or cap to a value from an instant on protects people less than what it replaces, so that two admins have to agree.
p_value: of a cap with purpose and channel; json null = it ends, which always loosens. The value is one that policy.check_change let through.$$;
