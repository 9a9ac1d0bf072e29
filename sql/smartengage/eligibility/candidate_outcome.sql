create or replace function smartengage.candidate_outcome(p_user_id uuid, p_campaign_id uuid, p_holdout_share double precision, p_refusal text)
returns text
language sql stable parallel safe
return case
  -- Who cannot be assigned has no outcome, which no candidate may have: the plan fails whole, and nothing is sent.
  when stats.bucket(p_user_id, p_campaign_id || '/holdout') is null then null
  when p_refusal is not null then 'refused'
  when stats.bucket(p_user_id, p_campaign_id || '/holdout') < p_holdout_share then 'ghost'
  else 'message'
end;

comment on function smartengage.candidate_outcome(uuid, uuid, double precision, text) is
$$What becomes of a candidate whom the gates refused for a reason, or let through (null): refused, ghost (held out by the campaign's share), message; null = could not be assigned, which fails the plan.$$;
