create or replace function policy.supersede_proposal(p_subject text)
returns void
language sql volatile parallel unsafe
begin atomic
  update policy.proposal p set state = 'superseded' where p.subject = p_subject and p.state = 'pending';
end;

comment on function policy.supersede_proposal(text) is
$$Closes the pending proposal for a rule, cap or quiet period that has just changed: it was based on the previous value.$$;
