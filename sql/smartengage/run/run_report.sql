create or replace function smartengage.run_report(p_run_id uuid)
returns jsonb
language sql stable parallel safe
begin atomic
  select jsonb_build_object(
    'run_id', r.run_id,
    'trigger_key', r.trigger_key,
    'planned_at', r.planned_at,
    'candidates', r.candidates,
    'messages', r.messages,
    'ghosts', r.ghosts,
    'refused', r.refused,
    'refusals', (
      select coalesce(jsonb_object_agg(x.reason, x.n order by x.n desc), '{}')
      from (
        select c.reason, count(*) as n
        from smartengage.candidate c
        where c.run_id = p_run_id
          and c.outcome = 'refused'
        group by c.reason
      ) x),
    'sent', r.sent,
    'in_doubt', r.in_doubt,
    'expired', r.expired,
    'failed', r.failed,
    'refused_at_claim', r.refused_at_claim,
    'waiting', r.waiting,
    'identity_holds', r.identity_holds)
  from smartengage.run_reconciliation r
  where r.run_id = p_run_id;
end;

comment on function smartengage.run_report(uuid) is
$$The figures of a run, null for an unknown run: {run_id, trigger_key, planned_at, candidates, messages, ghosts, refused,
refusals: {reason: n}, sent, in_doubt, expired, failed, refused_at_claim, waiting, identity_holds}.$$;
