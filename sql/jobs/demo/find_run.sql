create or replace function jobs.find_run(p_campaign text, p_trigger_key text)
returns jsonb
language sql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select jsonb_build_object('run_id', (
    select r.run_id
    from smartengage.run r
    join smartengage.campaign c on c.campaign_id = r.campaign_id
    where c.name = p_campaign
      and r.trigger_key = p_trigger_key));
end;

comment on function jobs.find_run(text, text) is
$$The run that jobs.request_plan asked for, by campaign name and trigger key.
Result: {run_id}; null until it is planned.$$;
