create or replace function smartengage.send_bulk(
  p_name text, p_segments text[], p_user_ids uuid[], p_template_id uuid, p_service_id uuid, p_channels text[], p_urgent boolean,
  p_canary_share double precision, p_holdout_share double precision, p_reason text, p_dry_run boolean, p_actor text, p_at timestamptz)
returns jsonb
language plpgsql volatile parallel unsafe
set search_path = ''
as $$
declare
  v_user_ids uuid[] := p_user_ids;
  v_unknown uuid;
  v_campaign_id uuid;
  v_run_id uuid;
  v_result jsonb;
begin
  perform smartengage.check_announcement(p_template_id, p_service_id);
  if exists (select from smartengage.campaign c where c.name = p_name) then
    raise exception 'A campaign of this name exists' using errcode = 'SH409', column = 'name', detail = p_name;
  end if;
  if (p_segments is null) = (p_user_ids is null) then
    raise exception 'Say to which segments or to which people' using errcode = 'SH422', column = 'segments', hint = 'One of both.';
  end if;
  if p_segments is not null then
    perform smartengage.check_segments(p_segments);
    if not exists (select from smartengage.customer c where c.segment <> all (p_segments)) then
      raise exception 'The segments match everybody' using errcode = 'SH422', column = 'segments', detail = array_to_string(p_segments, ',');
    end if;
    select array_agg(c.user_id) into v_user_ids from smartengage.customer c where c.segment = any (p_segments);
  else
    select u.user_id into v_unknown
    from unnest(p_user_ids) as u (user_id)
    where not exists (select from account.person p where p.user_id = u.user_id and p.role = 'customer')
    limit 1;
    if found then
      raise exception 'Somebody is not a customer' using errcode = 'SH422', column = 'user_ids', detail = v_unknown::text;
    end if;
  end if;

  begin
    insert into smartengage.campaign (
      name, kind, status, repeats, segments, channels, canary_share, holdout_share, created_at, created_by, changed_reason)
    values (p_name, 'announcement', 'running', false, coalesce(p_segments, '{}'), p_channels, p_canary_share, p_holdout_share, p_at, p_actor, p_reason)
    returning campaign_id into v_campaign_id;
    v_run_id := smartengage.announce(
      v_campaign_id, 'bulk', v_user_ids, 'announcement', p_template_id, p_service_id, p_channels,
      case when p_urgent then p_reason end, p_urgent, p_at) ->> 'run_id';
    v_result := smartengage.run_report(v_run_id) || jsonb_build_object(
      'dry_run', p_dry_run, 'campaign_id', v_campaign_id,
      'refused_people', coalesce((
        select jsonb_agg(jsonb_build_object('user_id', x.user_id, 'reason', x.reason, 'rule', x.rule, 'rule_version', x.rule_version))
        from (
          select c.user_id, c.reason, c.rule, c.rule_version
          from smartengage.candidate c
          where c.run_id = v_run_id
            and c.outcome = 'refused'
          order by c.user_id
          limit 200
        ) x), '[]'),
      'texts', smartengage.sample_texts(v_run_id));
    if p_dry_run then
      raise exception 'The preview is the act itself, undone' using errcode = 'SHDRY';
    end if;
  exception when sqlstate 'SHDRY' then
    return v_result || '{"campaign_id": null, "run_id": null}';
  end;
  insert into policy.audit (happened_at, actor, action, subject, detail)
  values (p_at, p_actor, 'send_bulk', 'run ' || v_run_id, jsonb_build_object(
    'reason', p_reason, 'campaign_id', v_campaign_id, 'template_id', p_template_id, 'service_id', p_service_id, 'urgent', p_urgent,
    'segments', p_segments, 'people', cardinality(v_user_ids), 'messages', v_result -> 'messages', 'refused', v_result -> 'refused'));
  return v_result;
end;
$$;

comment on function smartengage.send_bulk(
  text, text[], uuid[], uuid, uuid, text[], boolean, double precision, double precision, text, boolean, text, timestamptz) is
$$Sends a text to segments or to a list of customers as a campaign of kind announcement: each at their best hour within a day, urgent ones at once; to a canary first where its share is below 1 (smartengage.judge_campaign opens the rest).
p_dry_run: decides and renders in just this way, then undoes it.
Result: see smartengage.run_report, with {dry_run, campaign_id, refused_people: at most 200 of [{user_id, reason, rule, rule_version}], texts: [{channel, language, subject, body}]}.
Errors: SH422 unknown template, service, segment or customer, an unapproved template, segments that match nobody or everybody; SH409 the name is taken.$$;
