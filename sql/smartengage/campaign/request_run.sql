create or replace function smartengage.request_run(
  p_campaign_id uuid, p_segment text, p_trigger_key text, p_actor text, p_reason text, p_at timestamptz)
returns jsonb
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_campaign smartengage.campaign;
  v_key text;
begin
  select c.* into v_campaign
  from smartengage.campaign c
  where c.campaign_id = p_campaign_id
  for no key update;
  if not found then
    raise exception 'There is no such campaign' using errcode = 'SH404', detail = p_campaign_id::text;
  end if;
  if v_campaign.kind <> 'reminder' then
    raise exception 'An announcement is planned when it is sent' using errcode = 'SH409', detail = p_campaign_id::text;
  end if;
  if p_segment <> all (v_campaign.segments) then
    raise exception 'The segment is not one of the campaign' using errcode = 'SH422', column = 'segment', detail = p_segment,
      hint = 'Its segments are ' || array_to_string(v_campaign.segments, ', ') || '.';
  end if;
  if v_campaign.status in ('draft', 'scheduled') then
    perform smartengage.set_campaign_status(p_campaign_id, 'running', p_actor, p_reason);
  elsif v_campaign.status <> 'running' then
    raise exception 'The campaign is not running' using errcode = 'SH409', detail = v_campaign.status;
  end if;

  v_key := coalesce(p_trigger_key, concat_ws(' ', 'asked', p_segment, (p_at at time zone policy.default_zone())::date));
  perform smartengage.enqueue_plan(p_campaign_id, v_key, case when p_segment is not null then array[p_segment] end);
  insert into policy.audit (happened_at, actor, action, subject, detail)
  values (p_at, p_actor, 'campaign_run', 'campaign ' || p_campaign_id,
          jsonb_build_object('reason', p_reason, 'trigger_key', v_key, 'segment', p_segment));
  return jsonb_build_object('campaign_id', p_campaign_id, 'trigger_key', v_key, 'segment', p_segment, 'run_id', (
    select r.run_id from smartengage.run r where r.campaign_id = p_campaign_id and r.trigger_key = v_key));
end;
$$;

comment on function smartengage.request_run(uuid, text, text, text, text, timestamptz) is
$$Enqueues a run of a campaign, for one of its segments (null = all). A draft or scheduled campaign is started.
Result: {campaign_id, trigger_key, segment, run_id: null until it is planned}.
Idempotent: a trigger key plans once. Default key: one a day for each segment.
Errors: SH404 no such campaign; SH409 the campaign is paused, over or an announcement; SH422 not a segment of the campaign.$$;
