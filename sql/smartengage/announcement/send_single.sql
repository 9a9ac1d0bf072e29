create or replace function smartengage.send_single(
  p_user_id uuid, p_template_id uuid, p_service_id uuid, p_channel text, p_urgent boolean, p_reason text,
  p_dry_run boolean, p_actor text, p_at timestamptz)
returns jsonb
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_campaign_id uuid;
  v_run_id uuid;
  v_result jsonb;
begin
  perform smartengage.check_announcement(p_template_id, p_service_id);
  if not exists (select from account.person p where p.user_id = p_user_id and p.role = 'customer') then
    raise exception 'There is no such customer' using errcode = 'SH422', column = 'user_id', detail = p_user_id::text;
  end if;
  begin
    v_campaign_id := smartengage.ensure_single_send_campaign(p_actor, p_at);
    v_run_id := smartengage.plan_announcement_run(
      v_campaign_id, 'single ' || uuidv7(), array[p_user_id],
      concat_ws('/', p_template_id, p_service_id), p_template_id, p_service_id,
      case
        when p_channel is null then (select c.channels from smartengage.campaign c where c.campaign_id = v_campaign_id)
        else array[p_channel]
      end,
      case when p_urgent then p_reason end, true, p_at) ->> 'run_id';

    select jsonb_build_object(
      'dry_run', p_dry_run, 'campaign_id', v_campaign_id, 'run_id', v_run_id,
      'outcome', c.outcome, 'reason', c.reason, 'rule', c.rule, 'rule_version', c.rule_version,
      'message_id', m.message_id, 'channel', m.channel, 'due_at', m.due_at, 'useful_until', m.useful_until,
      'text', smartengage.sample_texts(v_run_id) -> 0)
    into v_result
    from smartengage.candidate c
    left join outreach.message m on m.message_id = c.message_id
    where c.run_id = v_run_id;

    if p_dry_run then
      raise exception 'The preview is rolled back' using errcode = 'SHDRY';
    end if;
  exception when sqlstate 'SHDRY' then
    return v_result || '{"campaign_id": null, "run_id": null, "message_id": null}';
  end;
  insert into policy.audit (happened_at, actor, action, subject, detail)
  values (p_at, p_actor, 'send_single', 'run ' || v_run_id, jsonb_build_object(
    'reason', p_reason, 'user_id', p_user_id, 'template_id', p_template_id, 'service_id', p_service_id,
    'urgent', p_urgent, 'outcome', v_result -> 'outcome', 'refused_for', v_result -> 'reason'));
  return v_result;
end;
$$;

comment on function smartengage.send_single(uuid, uuid, uuid, text, boolean, text, boolean, text, timestamptz) is
$$Sends a text to one customer as soon as the gates allow, or returns the gate that refuses it.
The same text about the same service is planned for a person once a day, however often it is requested.
p_channel: only this channel; null = the person's best. p_urgent: exempt from caps, for p_reason.
p_dry_run: decides and renders in the same way, then rolls back.
Result: {dry_run, campaign_id, run_id, outcome: message | refused, reason, rule, rule_version, message_id, channel, due_at,
useful_until, text: {channel, language, subject, body}}; a dry run has no ids.
Errors: SH409 the single sends of the day were stopped; SH422 unknown customer, template or service, or an unapproved template.$$;
