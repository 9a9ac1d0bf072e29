create or replace function smartengage.plan_next_announcement_run(p_campaign_id uuid, p_trigger_key text, p_at timestamptz)
returns jsonb
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_announcement smartengage.announcement;
  v_first smartengage.run;
  v_channels text[];
  v_user_ids uuid[];
  v_occurrence text;
  v_result jsonb;
begin
  -- Serializes the jobs of one campaign (first run, roll-out): the second sees what the first planned.
  select c.channels into v_channels from smartengage.campaign c where c.campaign_id = p_campaign_id for no key update;

  select r.* into v_first
  from smartengage.run r
  where r.campaign_id = p_campaign_id
  order by r.planned_at, r.run_id
  limit 1;
  if not found then
    select a.* into v_announcement from smartengage.announcement a where a.campaign_id = p_campaign_id;
    v_result := smartengage.plan_announcement_run(
      p_campaign_id, p_trigger_key, smartengage.announcement_recipients(p_campaign_id), 'announcement',
      v_announcement.template_id, v_announcement.service_id,
      v_channels, v_announcement.exempt_reason, v_announcement.exempt_reason is not null, p_at);
    update smartengage.announcement a set user_ids = null where a.campaign_id = p_campaign_id and a.user_ids is not null;
    return v_result;
  end if;

  select array_agg(c.user_id), min(c.occurrence) into v_user_ids, v_occurrence
  from smartengage.candidate c
  where c.run_id = v_first.run_id
    and c.reason = 'not_in_canary';
  if v_user_ids is null then
    return smartengage.run_summary(v_first.run_id) || '{"already": true}';
  end if;
  return smartengage.plan_announcement_run(
    p_campaign_id, p_trigger_key, v_user_ids, v_occurrence, v_first.template_id, v_first.service_id,
    v_channels, v_first.exempt_reason, v_first.message_class = 'urgent', p_at);
end;
$$;

comment on function smartengage.plan_next_announcement_run(uuid, text, timestamptz) is
$$Plans the next run of a bulk send. The first run is for all recipients, or the canary share of them.
The second, after the roll-out, is for those whom the first left out of the canary.
Result and errors: see smartengage.plan_announcement_run. If nothing is left to plan: the first run.$$;
