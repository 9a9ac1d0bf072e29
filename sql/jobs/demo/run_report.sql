create or replace function jobs.run_report(p_run_id uuid)
returns jsonb
language sql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select smartengage.run_report(p_run_id);
end;

comment on function jobs.run_report(uuid) is
$$The figures of a run, from smartengage.run_report; null for an unknown run.$$;
