create or replace function jobs.plan_campaign(p_campaign_id uuid, p_trigger_key text, p_segments text[] default null)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  -- An announcement needs no predictions, and must use the segments that its preview showed.
  if not exists (select from smartengage.campaign c where c.campaign_id = p_campaign_id and c.kind = 'announcement') then
    perform smartengage.refresh_snapshots(clock.now());
  end if;
  return smartengage.plan_run_or_fail(p_campaign_id, p_trigger_key, clock.now(), p_segments);
end;
$$;

comment on function jobs.plan_campaign(uuid, text, text[]) is
$$Plans a run of one campaign now; reminders with fresh predictions and segments.
p_segments: only these of its segments; null = all. Result: that of smartengage.plan_run_or_fail. Repeatable: a trigger key plans
once.
Errors: SH404 no such campaign.$$;
