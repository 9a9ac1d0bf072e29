create or replace function smartengage.plan_run_or_fail(
  p_campaign_id uuid, p_trigger_key text, p_at timestamptz, p_segments text[] default null)
returns jsonb
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_kind text;
  v_status text;
  v_state text;
  v_constraint text;
begin
  select c.kind, c.status into v_kind, v_status from smartengage.campaign c where c.campaign_id = p_campaign_id;
  if v_status = 'paused' then
    -- The run is asked for again later. The job at work still holds the usual key.
    perform smartengage.enqueue_plan(p_campaign_id, p_trigger_key, p_segments, p_at + interval '10 minutes');
  end if;
  if v_status <> 'running' then
    return jsonb_build_object('campaign_id', p_campaign_id, 'status', v_status);
  end if;
  if v_kind = 'announcement' then
    return smartengage.plan_next_announcement_run(p_campaign_id, p_trigger_key, p_at);
  end if;
  return smartengage.plan_reminder_run(p_campaign_id, p_trigger_key, p_at, p_segments);
exception when others then
  get stacked diagnostics v_state = returned_sqlstate, v_constraint = constraint_name;
  -- Transient errors (locks, a full disk, a lost connection) are retried by the queue; our own SH4xx errors are final.
  if v_state ~ '^(08|40|53|55|57|58|SH4)' then
    raise;
  end if;
  perform smartengage.set_campaign_status(p_campaign_id, 'failed', 'planner', 'planning_failed');
  -- Without the error message, which may quote a row.
  perform policy.raise_alert(
    'campaign_failed', 'campaign ' || p_campaign_id,
    jsonb_build_object(
      'campaign_id', p_campaign_id, 'trigger_key', p_trigger_key, 'sqlstate', v_state, 'constraint', v_constraint),
    p_at);
  return jsonb_build_object('campaign_id', p_campaign_id, 'failed', v_state);
end;
$$;

comment on function smartengage.plan_run_or_fail(uuid, text, timestamptz, text[]) is
$$Plans a run as smartengage.plan_reminder_run does, or the next run of an announcement (smartengage.plan_next_announcement_run).
If that fails, nothing of the run is kept, the campaign's status becomes failed and an alert is raised (campaign_failed).
Transient errors are raised instead, so that the job is retried.
Result: see smartengage.plan_reminder_run; {campaign_id, status} if the campaign is not running (a paused one is tried again
later); {campaign_id, failed: SQLSTATE}. Errors: SH404 no such campaign.$$;
