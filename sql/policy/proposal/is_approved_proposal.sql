create or replace function policy.is_approved_proposal(p_proposal_id uuid, p_subject text, p_value jsonb)
returns boolean
language sql stable parallel safe
begin atomic
  select exists (
    select
    from policy.proposal p
    where p.proposal_id = p_proposal_id
      and p.subject = p_subject
      and p.value = p_value
      and p.state = 'approved');
end;

comment on function policy.is_approved_proposal(uuid, text, jsonb) is
$$Whether a proposal is approved and has exactly this subject and value.$$;
