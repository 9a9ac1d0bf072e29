create or replace function jobs.record_model_failure(p_cohort text, p_prompt_version int, p_model text, p_reason text)
returns jsonb
language sql volatile parallel unsafe
security definer
set search_path = ''
begin atomic
  insert into outreach.model_call (cohort, prompt_version, model, called_at, failure)
  values (p_cohort, p_prompt_version, p_model, clock.now(), p_reason)
  returning '{}'::jsonb;
end;

comment on function jobs.record_model_failure(text, int, text, text) is
$$A call of the model that brought no answer (time-out, 429, 5xx, refusal, …); it counts towards the day's budget.
Result: {}.$$;
