create or replace function jobs.record_model_failure(
  p_cohort text, p_prompt_version int, p_model text, p_reason text,
  p_run_id uuid default null, p_requests int default 1, p_tokens_in int default 0, p_tokens_out int default 0)
returns jsonb
language sql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select text.record_model_call(
    p_cohort, p_prompt_version, p_model, p_tokens_in, p_tokens_out, p_reason, p_run_id, p_requests, clock.now());
  select '{}'::jsonb;
end;

comment on function jobs.record_model_failure(text, int, text, text, uuid, int, int, int) is
$$Records a call of the model without a usable answer (time-out, 429, 5xx, refusal, …); it counts against the day's budget.
p_requests: HTTP requests, retries included; the tokens are theirs. Result: {}.$$;
