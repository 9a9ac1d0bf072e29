create or replace function jobs.plan_daily()
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_day date := (clock.now() at time zone policy.default_zone())::date;
  v_runs jsonb;
begin
  -- Serializes processes that run the schedule: the second one finds today's runs planned.
  perform pg_advisory_xact_lock(hashtextextended('jobs.plan_daily', 0));
  if exists (
    select
    from smartengage.campaign c
    where c.status = 'running'
      and c.kind = 'reminder'
      and c.repeats
      and not exists (
        select
        from smartengage.run r
        where r.campaign_id = c.campaign_id
          and r.trigger_key = 'daily ' || v_day)) then
    perform smartengage.refresh_snapshots(clock.now());
    perform smartengage.judge_variants(clock.now());
  end if;
  select coalesce(
    jsonb_agg(
      smartengage.plan_run_or_fail(c.campaign_id, 'daily ' || v_day, clock.now()) order by c.created_at, c.campaign_id), '[]')
  into v_runs
  from smartengage.campaign c
  where c.status = 'running'
    and c.kind = 'reminder'
    and c.repeats;
  return jsonb_build_object('day', v_day, 'runs', v_runs);
end;
$$;

comment on function jobs.plan_daily() is
$$Plans every running, repeating campaign of reminders for the local day in the default time zone.
Result: {day, runs: [that of smartengage.plan_run_or_fail]}. Repeatable: a campaign is planned once a day, by any number of
processes.$$;
