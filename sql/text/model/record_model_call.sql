create or replace function text.record_model_call(
  p_cohort text, p_prompt_version int, p_model text, p_tokens_in int, p_tokens_out int, p_failure text, p_run_id uuid,
  p_requests int, p_at timestamptz)
returns void
language sql volatile parallel unsafe
begin atomic
  insert into text.model_call
    (cohort, prompt_version, model, called_at, tokens_in, tokens_out, failure, run_id, requests, cost_micro_usd)
  values (
    p_cohort, p_prompt_version, p_model, p_at, coalesce(p_tokens_in, 0), coalesce(p_tokens_out, 0), p_failure, p_run_id, p_requests,
    text.model_cost(coalesce(p_tokens_in, 0), coalesce(p_tokens_out, 0), p_at));
end;

comment on function text.record_model_call(text, int, text, int, int, text, uuid, int, timestamptz) is
$$Records a call of the model for a cohort, with its cost at the prices in force; it counts against the day's budget.
p_requests: HTTP requests, retries included; the tokens are theirs. p_failure: why there is no usable answer, null = answered.
p_run_id: the run that asked for it, null = none.$$;
