create or replace function policy.decide_proposal(
  p_subject text, p_proposal_id uuid, p_state text, p_admin text, p_reason text, p_at timestamptz)
returns policy.proposal
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_proposal policy.proposal;
begin
  perform policy.lock_changes();
  perform policy.set_audit_actor(p_admin);
  select p.* into v_proposal from policy.proposal p where p.proposal_id = p_proposal_id and p.subject = p_subject;
  if not found then
    raise exception 'There is no such proposal' using errcode = 'SH404', detail = p_proposal_id::text;
  end if;
  if v_proposal.state <> 'pending' or v_proposal.expires_at <= p_at then
    raise exception 'The proposal is no longer pending' using errcode = 'SH409',
      detail = case v_proposal.state when 'pending' then 'expired' else v_proposal.state end;
  end if;
  if coalesce(p_reason, '') ~ '^\s*$' then
    raise exception 'A reason is required' using errcode = 'SH422', column = 'reason';
  end if;
  if p_state = 'approved' and v_proposal.author = p_admin then
    raise exception 'A proposal must be approved by another admin' using errcode = 'SH403', column = 'proposal_id';
  end if;
  update policy.proposal p
  set state = p_state, decided_by = p_admin, decided_at = p_at, decision_reason = p_reason
  where p.proposal_id = p_proposal_id
  returning p.* into v_proposal;
  return v_proposal;
end;
$$;

comment on function policy.decide_proposal(text, uuid, text, text, text, timestamptz) is
$$Approves or declines a pending proposal (p_state: approved, declined).
The author cannot approve it, but can decline it. The caller applies an approved change. Concurrent calls: one succeeds.
Result: the proposal. Errors: SH403 the author approves; SH404 no such proposal; SH409 decided or expired; SH422 no reason.$$;
