create or replace function policy.apply_change(
  p_rule text, p_value jsonb, p_author text, p_reason text, p_from timestamptz, p_at timestamptz, p_proposal_id uuid default null)
returns int
language sql volatile parallel unsafe
return case
  when exists (select from policy.rule_definition d where d.rule = p_rule)
    then policy.change_rule(p_rule, p_value, p_author, p_reason, p_from, p_at, p_proposal_id)
  else policy.set_cap(p_rule, p_value, p_author, p_reason, p_from, p_at, p_proposal_id)
end;

comment on function policy.apply_change(text, jsonb, text, text, timestamptz, timestamptz, uuid) is
$$Sets a rule or a cap, depending on the name, with policy.change_rule or policy.set_cap.
Result: the version. Errors: those of the two functions.$$;
