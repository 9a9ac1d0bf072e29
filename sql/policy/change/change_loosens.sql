create or replace function policy.change_loosens(p_rule text, p_value jsonb, p_from timestamptz)
returns boolean
language sql stable parallel safe
begin atomic
  with definition as (
    select d.kind, d.loosens from policy.setting_definition d where d.rule = p_rule
  ),
  -- The versions that it replaces: all that end at p_from or later, so also those that were ended for this one.
  replaced as (
    select s.value
    from policy.setting_version s
    where s.rule = p_rule
      and coalesce(upper(s.valid_at) >= p_from, upper_inf(s.valid_at))
  )
  select case
    when exists (select from definition d where d.kind = 'rule') then
      coalesce((select bool_or(policy.rule_loosens(d.loosens, r.value, p_value)) from definition d cross join replaced r), false)
    when p_value = 'null' then true
    else coalesce(
      (select bool_or(policy.cap_loosens(
                (r.value ->> 'max_messages')::int, (r.value ->> 'window_hours')::int,
                (p_value ->> 'max_messages')::int, (p_value ->> 'window_hours')::int))
       from replaced r),
      -- A cap beside others only tightens; the first cap of a purpose enables sending.
      not policy.is_capped_by_others(p_rule, p_value ->> 'purpose', p_value ->> 'channel', p_from))
  end;
end;

comment on function policy.change_loosens(text, jsonb, timestamptz) is
$$Whether a value of a rule or cap, from an instant on, protects people less than the versions it replaces.
Such a change needs two admins. p_value: for a cap with purpose and channel; JSON null ends the cap, which always loosens.
The value is one that policy.check_change accepts.$$;
