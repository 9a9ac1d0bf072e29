create or replace function explain.verdict_document(p_user_id uuid, p_at timestamptz)
returns jsonb
language sql stable parallel safe
begin atomic
  with verdict as (
    select
      x.*, x.gate = 'outcome' as is_outcome,
      jsonb_build_object(
        'verdict', x.verdict, 'reason', x.reason, 'rule', x.rule, 'rule_version', x.rule_version,
        'frees_at', case when isfinite(x.frees_at) then x.frees_at end, 'evidence', x.evidence) as answer,
      row_number() over () as n
    from explain.verdicts(p_user_id, p_at) x
  )
  select jsonb_build_object(
    'user_id', p_user_id,
    'at', p_at,
    'answers', coalesce(jsonb_agg(
      o.answer || jsonb_build_object(
        'stage', o.stage, 'campaign_id', o.campaign_id, 'campaign', c.name, 'service_id', o.service_id, 'message_id', o.message_id,
        'gates', coalesce(g.gates, '[]')) order by o.n), '[]'))
  from verdict o
  left join smartengage.campaign c on c.campaign_id = o.campaign_id
  left join lateral (
    select jsonb_agg(g.answer || jsonb_build_object('gate', g.gate) order by g.n) as gates
    from verdict g
    where not g.is_outcome
      and (g.stage, g.campaign_id, g.service_id, g.message_id)
          is not distinct from (o.stage, o.campaign_id, o.service_id, o.message_id)
  ) g on true
  where o.is_outcome;
end;

comment on function explain.verdict_document(uuid, timestamptz) is
$$explain.verdicts as one document.
{user_id, at, answers: [{stage, campaign_id, campaign, service_id, message_id, verdict, reason, rule, rule_version, frees_at,
evidence, gates: [{gate, verdict, …}]}]}.
frees_at null = time alone does not free it. Ids, instants and counts; no personal data.$$;
