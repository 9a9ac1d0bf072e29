create or replace function smartengage.verdict(p_campaign_id uuid, p_draw text, p_at timestamptz)
returns table (user_id uuid, service_id uuid, segment text, outcome text, reason text, rule text, rule_version int)
language sql stable parallel safe
begin atomic
  select d.user_id, d.service_id, d.segment, d.outcome, d.reason, d.rule, d.rule_version
  from smartengage.decide(p_campaign_id, p_draw, p_at) d
  union all
  select s.user_id, s.service_id, s.segment, 'no_candidate', s.reason, g.rule, g.version
  from smartengage.standing(p_campaign_id, p_at) s
  left join (
    select g.reason, g.rule, v.version
    from outreach.refusal_rule g
    left join policy.rule v on v.rule = g.rule and v.valid_at @> p_at
    offset 0
  ) g on g.reason = s.reason
  where s.reason is not null;
end;

comment on function smartengage.verdict(uuid, text, timestamptz) is
$$What a campaign would do with every customer at an instant, and why: a row for each row of smartengage.standing.
outcome: message, ghost or refused as smartengage.decide says of the candidates; no_candidate for all others. reason, rule, rule_version: of the first gate that stops them, null for message and ghost.
p_draw: see smartengage.decide. Pure; one statement, however many customers.$$;
