create or replace function smartengage.plan_reminder_run(
  p_campaign_id uuid, p_trigger_key text, p_at timestamptz, p_segments text[] default null)
returns jsonb
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_campaign smartengage.campaign;
  v_values smartengage.planning_values;
  v_run_id uuid;
  v_candidates bigint;
begin
  select c.* into v_campaign
  from smartengage.campaign c
  where c.campaign_id = p_campaign_id
  for no key update;
  if not found then
    raise exception 'There is no such campaign' using errcode = 'SH404', detail = p_campaign_id::text;
  end if;
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
  v_values := smartengage.planning_values(p_campaign_id, p_at);
  if p_segments is not null then
    v_values.segments := array(select unnest(v_values.segments) intersect select unnest(p_segments));
  end if;
  v_run_id := uuidv7();

  with decided as materialized (
    select d.*, case when d.outcome <> 'refused' then uuidv7() end as message_id
    from smartengage.plan_decisions(p_campaign_id, v_values, p_at, v_run_id::text) d
  ),
  run as (
    -- The count of who is due, not of what was decided, so that the reconciliation finds a lost candidate.
    insert into smartengage.run (run_id, campaign_id, trigger_key, planned_at, candidates, segments)
    select
      v_run_id, p_campaign_id, p_trigger_key, p_at,
      coalesce(
        (select d.candidates from decided d limit 1),
        (select count(*) from smartengage.due_candidates(v_values, p_at))),
      p_segments
  ),
  message as (
    insert into outreach.message (
      message_id, user_id, channel, purpose, message_class, obeys_caps, takes_slot, kind, campaign_id, run_id, occurrence,
      service_id, add_on_ids, suggested_at, expected_at, expected_value, template_id, state, state_at, planned_at,
      due_at, useful_until, window_from, window_until)
    select
      d.message_id, d.user_id, d.channel, k.purpose, k.message_class, k.obeys_caps, k.takes_slot, v_campaign.kind,
      p_campaign_id, v_run_id, d.occurrence,
      d.service_id, a.add_on_ids, s.suggested_at, d.expected_at, d.expected_value, d.template_id,
      case d.outcome when 'ghost' then 'ghost' else 'scheduled' end, p_at, p_at,
      d.due_at, d.useful_until, v_values.window_from, v_values.window_until
    from decided d
    join policy.message_class k on k.message_class = 'reminder'
    cross join lateral smartengage.likely_add_ons(d.user_id, d.service_id, p_at) a
    cross join lateral outreach.suggested_booking_time(d.user_id, d.service_id, d.expected_at, p_at) s
    where d.outcome <> 'refused'
    returning channel, state, due_at
  ),
  woken as (
    select outreach.enqueue_wake_ups(m.channel, array_agg(m.due_at)) from message m where m.state = 'scheduled' group by m.channel
  )
  insert into smartengage.candidate
    (run_id, user_id, service_id, occurrence, segment, p14, expected_at, outcome, message_id, reason, rule, rule_version)
  select
    v_run_id, d.user_id, d.service_id, d.occurrence, d.segment, d.p14, d.expected_at,
    d.outcome, d.message_id, d.reason, d.rule, d.rule_version
  from decided d
  where (select count(*) from woken) >= 0;

  get diagnostics v_candidates = row_count;
  perform smartengage.analyze_if_grown('outreach.message', v_candidates);
  perform smartengage.analyze_if_grown('smartengage.candidate', v_candidates);
  perform smartengage.check_reconciliation(v_run_id);
  perform queue.enqueue('compose', jsonb_build_object('run_id', v_run_id), p_at, 5, 'compose/' || v_run_id);
  return smartengage.run_summary(v_run_id) || '{"already": false}';
end;
$$;

comment on function smartengage.plan_reminder_run(uuid, text, timestamptz, text[]) is
$$Plans a run of a campaign: one statement stores what smartengage.plan_decisions returns for the values in force.
Each candidate becomes a message at the person's best hour, a ghost (holdout), or a refusal with rule and version.
Reads smartengage.predicted_booking, so smartengage.refresh_snapshots comes first. Enqueues the wake-ups and the compose job in
the same transaction.
p_segments: only these of the campaign's segments; null = all.
Result: {run_id, campaign_id, candidates, messages, ghosts, refused, already}. Idempotent: a trigger key plans once, and a message
of the same campaign, person and occurrence exists once.
Errors: SH404 no such campaign, SH409 it is not running, internal_error a candidate was lost (nothing is planned then).$$;
