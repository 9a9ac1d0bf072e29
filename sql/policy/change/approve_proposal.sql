create or replace function policy.approve_proposal(p_rule text, p_proposal_id uuid, p_admin text, p_reason text, p_at timestamptz)
returns int
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_proposal policy.proposal := policy.decide_proposal(p_rule, p_proposal_id, 'approved', p_admin, p_reason, p_at);
  v_from timestamptz := greatest(v_proposal.effective_from, p_at);
begin
  -- Checked again, as another cap may have ended since the proposal.
  perform policy.check_change(p_rule, v_proposal.value, v_from, v_proposal.reason, p_at);
  return policy.apply_change(p_rule, v_proposal.value, v_proposal.author, v_proposal.reason, v_from, p_at, p_proposal_id);
end;
$$;

comment on function policy.approve_proposal(text, uuid, text, text, timestamptz) is
$$Approves a proposal for a rule or cap as the second admin, and applies it.
It takes effect at the instant that was proposed, or now if that has passed. Result: the version.
Errors: SH403 the author approves; SH404 no such proposal; SH409 decided or expired; SH422 no longer valid, or no reason.$$;
