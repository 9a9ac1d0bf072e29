create or replace function smartengage.ineligible(p_values smartengage.planning_values, p_at timestamptz)
returns table (user_id uuid, service_id uuid, segment text, outcome text, reason text, rule text, rule_version int)
language sql stable parallel safe
begin atomic
  select s.user_id, s.service_id, s.segment, 'no_candidate', s.reason, g.rule, g.version
  from (
    -- offset 0: the reason is computed once, not at each mention.
    select x.user_id, x.service_id, x.segment, x.reason
    from smartengage.eligibility(p_values, p_at) x
    offset 0
  ) s
  left join (
    select g.reason, g.rule, v.version
    from policy.refusal_reason g
    left join policy.rule v on v.rule = g.rule and v.valid_at @> p_at
    offset 0
  ) g on g.reason = s.reason
  where s.reason is not null;
end;

comment on function smartengage.ineligible(smartengage.planning_values, timestamptz) is
$$Every row of smartengage.eligibility that is no candidate at an instant, with the first gate that stops it (reason).
rule, rule_version: its rule and the version in force. outcome: no_candidate.$$;
