create or replace function policy.proposal_document(p_proposal policy.proposal, p_at timestamptz)
returns jsonb
language sql stable parallel safe
return jsonb_build_object(
  'proposal_id', p_proposal.proposal_id,
  'value', p_proposal.value,
  'effective_from', p_proposal.effective_from,
  'author', p_proposal.author,
  'reason', p_proposal.reason,
  'proposed_at', p_proposal.proposed_at,
  'expires_at', p_proposal.expires_at,
  'state', case when p_proposal.state = 'pending' and p_proposal.expires_at <= p_at then 'expired' else p_proposal.state end,
  'decided_by', p_proposal.decided_by,
  'decided_at', p_proposal.decided_at,
  'decision_reason', p_proposal.decision_reason);

comment on function policy.proposal_document(policy.proposal, timestamptz) is
$$A proposal as admins see it, as JSON; a pending one past its expires_at is shown as expired.$$;
