create or replace function smartengage.verdict(p_campaign_id uuid, p_draw text, p_at timestamptz)
returns table (user_id uuid, service_id uuid, segment text, outcome text, reason text, rule text, rule_version int)
language sql stable parallel safe
begin atomic
  select d.user_id, d.service_id, d.segment, d.outcome, d.reason, d.rule, d.rule_version
  from smartengage.decide(p_campaign_id, p_draw, p_at) d
  union all
  select n.user_id, n.service_id, n.segment, n.outcome, n.reason, n.rule, n.rule_version
  from smartengage.no_candidates(p_campaign_id, p_at) n;
end;

comment on function smartengage.verdict(uuid, text, timestamptz) is
$$What a campaign would do with every customer at an instant, and why: a row for each row of smartengage.standing.
outcome: message, ghost or refused as smartengage.decide says of the candidates; no_candidate for all others. reason, rule, rule_version: of the first gate that stops them, null for message and ghost.
p_draw: see smartengage.decide. Pure; one statement, however many customers.$$;
