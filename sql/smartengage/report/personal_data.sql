create or replace function smartengage.personal_data(p_user_id uuid)
returns jsonb
language sql stable parallel safe
begin atomic
  select jsonb_build_object(
    'segment', (select to_jsonb(c) - 'user_id' from smartengage.customer_segment c where c.user_id = p_user_id),
    'predictions', coalesce((
      select jsonb_agg(to_jsonb(f) - 'user_id' order by f.service_id)
      from smartengage.predicted_booking f where f.user_id = p_user_id), '[]'),
    'campaign_decisions', coalesce((
      select jsonb_agg(jsonb_build_object(
        'planned_at', r.planned_at, 'campaign', g.name, 'service_id', c.service_id, 'segment', c.segment, 'p14', c.p14,
        'expected_at', c.expected_at, 'outcome', c.outcome, 'message_id', c.message_id,
        'reason', c.reason, 'rule', c.rule, 'rule_version', c.rule_version) order by r.planned_at, c.service_id)
      from smartengage.candidate c
      join smartengage.run r on r.run_id = c.run_id
      join smartengage.campaign g on g.campaign_id = r.campaign_id
      where c.user_id = p_user_id), '[]'));
end;

comment on function smartengage.personal_data(uuid) is
$$What SmartEngage derived about a person: segment, predictions, and the decision of each campaign with its reason.$$;
