create or replace function smartengage.plan_announcement_run(
  p_campaign_id uuid, p_trigger_key text, p_user_ids uuid[], p_occurrence text, p_template_id uuid, p_service_id uuid,
  p_channels text[], p_exempt_reason text, p_at_once boolean, p_at timestamptz)
returns jsonb
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_class constant text := case when p_exempt_reason is null then 'announcement' else 'urgent' end;
  v_campaign smartengage.campaign;
  v_run_id uuid;
begin
  select c.* into v_campaign
  from smartengage.campaign c
  where c.campaign_id = p_campaign_id
  for no key update;
  select r.run_id into v_run_id
  from smartengage.run r
  where r.campaign_id = p_campaign_id
    and r.trigger_key = p_trigger_key;
  if found then
    return smartengage.run_summary(v_run_id) || '{"already": true}';
  end if;
  if v_campaign.status <> 'running' then
    raise exception 'The campaign is not running' using errcode = 'SH409', detail = v_campaign.status;
  end if;
  v_run_id := uuidv7();

  with run as (
    -- The people requested, counted before deciding, so that the reconciliation finds a lost candidate.
    insert into smartengage.run (
      run_id, campaign_id, trigger_key, planned_at, candidates, message_class, template_id, service_id, exempt_reason)
    select
      v_run_id, p_campaign_id, p_trigger_key, p_at, count(distinct u.user_id), v_class, p_template_id, p_service_id, p_exempt_reason
    from unnest(p_user_ids) as u (user_id)
  ),
  decided as materialized (
    select d.*, case when d.outcome <> 'refused' then uuidv7() end as message_id
    from smartengage.announcement_decisions(
      p_campaign_id, p_user_ids, p_occurrence, p_template_id, p_channels, v_class, p_at_once, p_at) d
  ),
  message as (
    insert into outreach.message (
      message_id, user_id, channel, purpose, message_class, obeys_caps, takes_slot, kind, campaign_id, run_id, occurrence,
      service_id, suggested_at, template_id, exempt_reason, state, state_at, planned_at, due_at, useful_until,
      window_from, window_until)
    select
      d.message_id, d.user_id, d.channel, k.purpose, k.message_class, k.obeys_caps, k.takes_slot, 'announcement',
      p_campaign_id, v_run_id, p_occurrence,
      p_service_id, s.suggested_at, d.template_id, p_exempt_reason,
      case d.outcome when 'ghost' then 'ghost' else 'scheduled' end, p_at, p_at, d.due_at, d.useful_until,
      v_campaign.window_from, v_campaign.window_until
    from decided d
    join policy.message_class k on k.message_class = v_class
    left join lateral outreach.suggested_booking_time(d.user_id, p_service_id, p_at, p_at) s on p_service_id is not null
    where d.outcome <> 'refused'
    returning channel, state, due_at
  ),
  woken as (
    select outreach.enqueue_wake_ups(m.channel, array_agg(m.due_at)) from message m where m.state = 'scheduled' group by m.channel
  )
  insert into smartengage.candidate
    (run_id, user_id, service_id, occurrence, segment, outcome, message_id, reason, rule, rule_version)
  select
    v_run_id, d.user_id, p_service_id, p_occurrence, d.segment, d.outcome, d.message_id, d.reason, d.rule, d.rule_version
  from decided d
  where (select count(*) from woken) >= 0;

  perform smartengage.check_reconciliation(v_run_id);
  return smartengage.run_summary(v_run_id) || '{"already": false}';
end;
$$;

comment on function smartengage.plan_announcement_run(uuid, text, uuid[], text, uuid, uuid, text[], text, boolean, timestamptz) is
$$Plans a run of an announcement. One statement stores what smartengage.announcement_decisions returns, and enqueues the wake-ups.
p_exempt_reason: if given, the message class is urgent, which is exempt from caps and listed in analytics.exemption.
p_service_id: what the announcement is about, null = no service.
Result: see smartengage.plan_reminder_run. Idempotent: a trigger key plans once, and a message of the same campaign, person and
occurrence exists once. Errors: SH409 the campaign is not running, internal_error a candidate was lost (nothing is planned then).$$;
