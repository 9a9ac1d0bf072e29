create or replace function jobs.record_model_failure(
  p_cohort text, p_prompt_version int, p_model text, p_reason text,
  p_run_id uuid default null, p_requests int default 1, p_tokens_in int default 0, p_tokens_out int default 0)
returns jsonb
language sql volatile parallel unsafe
security definer
set search_path = ''
begin atomic
  insert into text.model_call (cohort, prompt_version, model, called_at, tokens_in, tokens_out, failure, run_id, requests, cost_micro)
  values (
    p_cohort, p_prompt_version, p_model, clock.now(), p_tokens_in, p_tokens_out, p_reason, p_run_id, p_requests,
    text.model_cost(p_tokens_in, p_tokens_out, clock.now()))
  returning '{}'::jsonb;
end;

comment on function jobs.record_model_failure(text, int, text, text, uuid, int, int, int) is
$$A call of the model that brought no answer (time-out, 429, 5xx, refusal, …), with the requests it took and the tokens they used; all of it counts towards the day's budget.
Result: {}.$$;
