create or replace function jobs.cohorts(p_run_id uuid, p_limit int)
returns jsonb
language sql stable parallel safe
security definer
set search_path = ''
begin atomic
  select smartengage.cohorts_without_text(p_run_id, p_limit, clock.now());
end;

comment on function jobs.cohorts(uuid, int) is
$$Cohorts of a run that a text is to be asked for from the model.
Result: {prompt_version, requests: how many the day has left, cohorts: [{cohort, context, variants, allowed_tokens, required_tokens, limits}]}; empty once the day's budget is used up. No personal data.$$;
