create or replace function policy.gates_at(p_stage text, p_at timestamptz)
returns table (place int, gate text, reason text, verdict text, rule text, version int)
language sql stable parallel safe
begin atomic
  select k.place, k.gate, k.reason, k.verdict, r.rule, v.version
  from policy.gate k
  join policy.refusal_reason r on r.reason = k.reason
  left join policy.rule v on v.rule = r.rule and v.valid_at @> p_at
  where k.stage = p_stage;
end;

comment on function policy.gates_at(text, timestamptz) is
$$The gates of a stage (plan, claim) with the rule of each reason and its version in force at an instant; version null = none.$$;
