create or replace function outreach.prune_claim_denials(p_at timestamptz, p_limit int default 200000)
returns int
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_pruned int;
begin
  -- decision_no follows time, so that no index on decided_at is needed.
  with oldest as (
    select d.decision_no, d.decided_at
    from outreach.claim_denial d
    order by d.decision_no
    limit p_limit
  )
  delete from outreach.claim_denial d
  using oldest o
  where d.decision_no = o.decision_no
    and o.decided_at < p_at - make_interval(days => policy.number('decision.keep', p_at)::int);
  get diagnostics v_pruned = row_count;
  return v_pruned;
end;
$$;

comment on function outreach.prune_claim_denials(timestamptz, int) is
$$Deletes claim denials older than rule decision.keep (days), the oldest first and at most p_limit per call, to bound its duration.
Messages, deliveries and refusals at planning are kept. Result: number deleted. Idempotent.$$;
