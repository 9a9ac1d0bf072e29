create or replace function smartengage.send_bulk(
  p_name text, p_segments text[], p_user_ids uuid[], p_template_id uuid, p_service_id uuid, p_channels text[], p_urgent boolean,
  p_canary_share double precision, p_holdout_share double precision, p_reason text, p_dry_run boolean,
  p_actor text, p_at timestamptz)
returns jsonb
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_unknown uuid;
  v_campaign_id uuid;
  v_people bigint := cardinality(p_user_ids);
  v_result jsonb;
begin
  perform smartengage.check_announcement(p_template_id, p_service_id);
  if exists (select from smartengage.campaign c where c.name = p_name) then
    raise exception 'A campaign of this name exists' using errcode = 'SH409', column = 'name', detail = p_name;
  end if;
  if (p_segments is null) = (p_user_ids is null) then
    raise exception 'Segments or people are required' using errcode = 'SH422', column = 'segments', hint = 'Give one of both.';
  end if;
  if p_segments is not null then
    perform smartengage.check_target_segments(p_segments);
    -- Unlike a campaign that repeats, a bulk send must leave out somebody now.
    if not exists (select from smartengage.customer_segment c where c.segment <> all (p_segments)) then
      raise exception 'The segments match everybody' using errcode = 'SH422', column = 'segments',
        detail = array_to_string(p_segments, ',');
    end if;
    select count(*) into v_people from smartengage.customer_segment c where c.segment = any (p_segments);
  else
    select u.user_id into v_unknown
    from unnest(p_user_ids) as u (user_id)
    where not exists (select from account.person p where p.user_id = u.user_id and p.role = 'customer')
    limit 1;
    if found then
      raise exception 'A recipient is not a customer' using errcode = 'SH422', column = 'user_ids', detail = v_unknown::text;
    end if;
  end if;

  begin
    insert into smartengage.campaign (
      name, kind, status, repeats, segments, channels, canary_share, holdout_share, created_at, created_by, changed_reason)
    values (
      p_name, 'announcement', 'running', false, coalesce(p_segments, '{}'), p_channels, p_canary_share, p_holdout_share,
      p_at, p_actor, p_reason)
    returning campaign_id into v_campaign_id;
    insert into smartengage.announcement (campaign_id, template_id, service_id, exempt_reason, user_ids)
    values (v_campaign_id, p_template_id, p_service_id, case when p_urgent then p_reason end, p_user_ids);
    if p_dry_run then
      v_result := smartengage.preview_announcement(v_campaign_id, p_at);
      raise exception 'The preview is rolled back' using errcode = 'SHDRY';
    end if;
  exception when sqlstate 'SHDRY' then
    return jsonb_build_object(
      'dry_run', true, 'campaign_id', null, 'trigger_key', null, 'people', v_people, 'run_id', null, 'preview', v_result);
  end;
  perform smartengage.enqueue_plan(v_campaign_id, 'bulk', null);
  insert into policy.audit (happened_at, actor, action, subject, detail)
  values (p_at, p_actor, 'send_bulk', 'campaign ' || v_campaign_id, jsonb_build_object(
    'reason', p_reason, 'template_id', p_template_id, 'service_id', p_service_id, 'urgent', p_urgent,
    'segments', p_segments, 'people', v_people));
  return jsonb_build_object(
    'dry_run', false, 'campaign_id', v_campaign_id, 'trigger_key', 'bulk', 'people', v_people, 'run_id', null, 'preview', null);
end;
$$;

comment on function smartengage.send_bulk(
  text, text[], uuid[], uuid, uuid, text[], boolean, double precision, double precision, text, boolean, text, timestamptz) is
$$Requests a text to be sent to segments or to a list of customers, as a campaign of kind announcement.
Each message is due at the person's best hour within a day, an urgent one at once. With p_canary_share below 1 it goes to a canary
first, and smartengage.judge_campaign rolls it out. Checked and stored here; the worker plans it
(smartengage.plan_next_announcement_run) for the members of the segments at that time.
p_dry_run: returns what the planning would decide (smartengage.preview_announcement) and stores nothing.
Result: {dry_run, campaign_id, trigger_key of its run, people: number of recipients, run_id: null, preview: null unless p_dry_run}.
Errors: SH422 unknown template, service, segment or customer, an unapproved template, segments that match nobody or everybody;
SH409 the name is taken.$$;
