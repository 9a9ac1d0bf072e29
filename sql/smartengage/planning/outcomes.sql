create or replace function smartengage.outcomes(p_run_id uuid)
returns table (user_id uuid, service_id uuid, segment text, outcome text, reason text, rule text, rule_version int)
language sql stable parallel safe
begin atomic
  with candidate as materialized (
    select c.user_id, c.service_id, c.segment, c.outcome, c.reason, c.rule, c.rule_version
    from smartengage.candidate c
    where c.run_id = p_run_id
  )
  select c.user_id, c.service_id, c.segment, c.outcome, c.reason, c.rule, c.rule_version
  from candidate c
  union all
  select n.user_id, n.service_id, n.segment, n.outcome, n.reason, n.rule, n.rule_version
  from smartengage.run r
  cross join lateral smartengage.no_candidates(r.campaign_id, r.planned_at) n
  where r.run_id = p_run_id
    -- Who booked since the planning has stopped being one.
    and not exists (
      select
      from candidate c
      where c.user_id = n.user_id
        and c.service_id = n.service_id);
end;

comment on function smartengage.outcomes(uuid) is
$$What a run of a reminder campaign planned for every customer, and why: the candidates with the outcome that was written, and all others with outcome no_candidate and the first gate that stopped them (smartengage.no_candidates). A row for each row of smartengage.standing.
It is the answer of the planning until the next smartengage.refresh: the profiles of all others are not kept, so ask explain.explain about a person of an earlier run. Deciding is not done twice, as smartengage.verdict would.$$;
