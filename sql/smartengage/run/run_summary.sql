create or replace function smartengage.run_summary(p_run_id uuid)
returns jsonb
language sql stable parallel safe
begin atomic
  select jsonb_build_object(
    'run_id', r.run_id,
    'campaign_id', r.campaign_id,
    'planned_at', r.planned_at,
    'candidates', r.candidates,
    'messages', r.messages,
    'ghosts', r.ghosts,
    'refused', r.refused)
  -- The columns on messages are pruned, so they are not counted.
  from smartengage.run_reconciliation r
  where r.run_id = p_run_id;
end;

comment on function smartengage.run_summary(uuid) is
$$What a run planned: {run_id, campaign_id, planned_at, candidates, messages, ghosts, refused}; null for an unknown run.$$;
