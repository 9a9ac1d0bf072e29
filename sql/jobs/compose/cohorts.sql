create or replace function jobs.cohorts(p_run_id uuid, p_limit int)
returns jsonb
language sql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select smartengage.cohorts_without_text(p_run_id, p_limit, clock.now());
end;

comment on function jobs.cohorts(uuid, int) is
$$Cohorts of a run that need a text of the model.
Result: {prompt_version, requests (left in the day's budget), cohorts: [{cohort, context, variants, allowed_placeholders,
required_placeholders, limits}]}; no cohorts once the budget is used up. No personal data.$$;
