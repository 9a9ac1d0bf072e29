create or replace function outreach.prune_claim_denials(p_at timestamptz, p_most int default 200000)
returns int
language plpgsql volatile parallel unsafe
set search_path = ''
as $$
declare
  v_pruned int;
begin
  -- The oldest by number, which is their order in time: so no index on the instant has to be kept.
  with oldest as (
    select d.decision_no, d.decided_at
    from outreach.claim_denial d
    order by d.decision_no
    limit p_most
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
$$Forgets decisions older than decision.keep, the oldest first and at most p_most at once, so that no night deletes for hours; the next one goes on.
Messages, sendings and refusals at planning stay. Result: how many. Repeatable.$$;
