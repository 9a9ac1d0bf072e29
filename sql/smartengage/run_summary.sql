create or replace function smartengage.run_summary(p_run_id uuid)
returns jsonb
language sql stable parallel safe
begin atomic
  select jsonb_build_object(
    'run_id', r.run_id,
    'campaign_id', r.campaign_id,
    'planned_at', r.planned_at,
    'candidates', r.candidates,
    'messages', count(c.*) filter (where c.outcome = 'message'),
    'ghosts', count(c.*) filter (where c.outcome = 'ghost'),
    'refused', count(c.*) filter (where c.outcome = 'refused'))
  from smartengage.run r
  left join smartengage.candidate c on c.run_id = r.run_id
  where r.run_id = p_run_id
  group by r.run_id;
end;

comment on function smartengage.run_summary(uuid) is
$$What a run planned: {run_id, campaign_id, planned_at, candidates, messages, ghosts, refused}; null for an unknown run.$$;
