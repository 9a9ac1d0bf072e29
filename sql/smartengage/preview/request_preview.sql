create or replace function smartengage.request_preview(
  p_campaign_id uuid, p_rules jsonb, p_segments text[], p_holdout_share double precision, p_window_from time, p_window_until time,
  p_actor text, p_at timestamptz)
returns uuid
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_campaign smartengage.campaign;
  v_preview_id uuid;
begin
  select c.* into v_campaign from smartengage.campaign c where c.campaign_id = p_campaign_id;
  if not found then
    raise exception 'There is no such campaign' using errcode = 'SH404', detail = p_campaign_id::text;
  end if;
  if v_campaign.kind <> 'reminder' then
    raise exception 'Only reminder campaigns have this preview' using errcode = 'SH409', detail = p_campaign_id::text,
      hint = 'A bulk send shows its own with dry_run.';
  end if;
  perform smartengage.check_planning_rules(p_rules);
  if p_segments is not null then
    perform smartengage.check_target_segments(p_segments);
  end if;
  if coalesce(p_window_from, v_campaign.window_from) >= coalesce(p_window_until, v_campaign.window_until) then
    raise exception 'The window must end after it begins' using errcode = 'SH422', column = 'window_until',
      detail = coalesce(p_window_until, v_campaign.window_until)::text, hint = 'Local times of a day, such as 09:00 and 20:30.';
  end if;
  insert into smartengage.preview (
    campaign_id, requested_at, requested_by, rules, segments, holdout_share, window_from, window_until)
  values (p_campaign_id, p_at, p_actor, p_rules, p_segments, p_holdout_share, p_window_from, p_window_until)
  returning preview_id into v_preview_id;
  perform queue.enqueue('preview', jsonb_build_object('preview_id', v_preview_id));
  return v_preview_id;
end;
$$;

comment on function smartengage.request_preview(uuid, jsonb, text[], double precision, time, time, text, timestamptz) is
$$Asks the worker for a preview of a reminder campaign under other values (smartengage.run_preview).
p_rules: {rule: number} of smartengage.planning_rule; of the other values null = the campaign's own. Result: the id of the preview.
Errors: SH404 no such campaign; SH409 an announcement; SH422 an unknown rule or an impossible value, with the field.$$;
