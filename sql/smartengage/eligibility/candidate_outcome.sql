create or replace function smartengage.candidate_outcome(
  p_user_id uuid, p_campaign_id uuid, p_holdout_share double precision, p_refusal text)
returns text
language sql stable parallel safe
return case
  -- A null bucket yields a null outcome; the not-null constraint of smartengage.candidate then aborts the plan.
  when stats.bucket(p_user_id, p_campaign_id || '/holdout') is null then null
  when p_refusal is not null then 'refused'
  when stats.bucket(p_user_id, p_campaign_id || '/holdout') < p_holdout_share then 'ghost'
  else 'message'
end;

comment on function smartengage.candidate_outcome(uuid, uuid, double precision, text) is
$$The outcome of a candidate: refused if a gate gave a reason, else ghost (in the holdout share of the campaign) or message.
p_refusal: that reason; null = every gate passes. Result: null if the person could not be assigned, which aborts the plan.$$;
