create or replace function jobs.record_model_answer(
  p_cohort text, p_kind text, p_category text, p_language text, p_form text, p_prompt_version int, p_model text, p_answer jsonb,
  p_tokens_in int, p_tokens_out int, p_run_id uuid default null, p_requests int default 1)
returns jsonb
language sql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select text.record_model_answer(
    p_cohort, p_kind, p_category, p_language, p_form, p_prompt_version, p_model, p_answer,
    p_tokens_in, p_tokens_out, clock.now(), p_run_id, p_requests);
end;

comment on function jobs.record_model_answer(text, text, text, text, text, int, text, jsonb, int, int, uuid, int) is
$$Checks an answer of the model and stores its acceptable variants as templates.
p_kind, p_category, p_language, p_form: from the context of the cohort in jobs.cohorts.
p_answer: {variants: [{variant, subject, body, add_on_line}]}. p_run_id: the run that asked for it. p_requests: HTTP requests,
retries included; the tokens are theirs. Result: {accepted, rejected: [{variant, reasons}]}. Repeatable, but each call counts
against the budget.$$;
