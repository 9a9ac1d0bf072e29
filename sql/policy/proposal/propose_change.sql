create or replace function policy.propose_change(
  p_kind text, p_subject text, p_value jsonb, p_author text, p_reason text, p_from timestamptz, p_at timestamptz)
returns uuid
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_proposal_id uuid;
begin
  perform policy.set_audit_actor(p_author);
  update policy.proposal p
  set state = 'expired'
  where p.subject = p_subject
    and p.state = 'pending'
    and p.expires_at <= p_at;
  select p.proposal_id into v_proposal_id from policy.proposal p where p.subject = p_subject and p.state = 'pending';
  if found then
    raise exception 'Another proposal is pending' using errcode = 'SH409', detail = v_proposal_id::text,
      hint = 'Approve or decline it first.';
  end if;
  insert into policy.proposal (kind, subject, value, effective_from, author, reason, proposed_at, expires_at)
  values (coalesce(p_kind, 'cap'), p_subject, p_value, p_from, p_author, p_reason, p_at,
          p_at + make_interval(days => policy.number('proposal.keep', p_at)::int))
  returning proposal_id into v_proposal_id;
  return v_proposal_id;
end;
$$;

comment on function policy.propose_change(text, text, jsonb, text, text, timestamptz, timestamptz) is
$$Records a change that another admin has to approve; it expires after proposal.keep days.
p_kind: rule, cap or quiet_period; null = a new cap. p_from: when the change takes effect; null = on approval.
The caller holds policy.lock_changes. Result: the id of the proposal. Errors: SH409 another one is pending for the subject.$$;
