create or replace function jobs.assign_texts(p_run_id uuid)
returns jsonb
language sql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select jsonb_build_object('assigned', smartengage.assign_texts(p_run_id, clock.now()));
end;

comment on function jobs.assign_texts(uuid) is
$$Assigns accepted texts of the model to a run's waiting messages.
Result: {assigned}. Repeatable.$$;
