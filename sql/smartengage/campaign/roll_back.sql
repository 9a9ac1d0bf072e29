create or replace function smartengage.roll_back(p_campaign_id uuid, p_run_id uuid, p_actor text, p_reason text, p_at timestamptz)
returns table (message_id uuid, user_id uuid, run_id uuid, channel text, state text, sent_at timestamptz)
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_run_ids uuid[];
  v_stopped int;
begin
  -- Serializes with planning.
  perform 1 from smartengage.campaign c where c.campaign_id = p_campaign_id for no key update;
  if not found then
    raise exception 'There is no such campaign' using errcode = 'SH404', detail = p_campaign_id::text;
  end if;
  if p_run_id is null then
    -- Binds every later claim (trigger campaign_holds_messages).
    update smartengage.campaign c
    set status = 'stopped', version = c.version + 1, changed_by = p_actor, changed_reason = p_reason
    where c.campaign_id = p_campaign_id
      and c.status <> 'stopped';
  end if;
  select array_agg(r.run_id) into v_run_ids
  from smartengage.run r
  where r.campaign_id = p_campaign_id
    and r.run_id = coalesce(p_run_id, r.run_id);
  if v_run_ids is null and p_run_id is not null then
    raise exception 'The campaign has no such run' using errcode = 'SH404', detail = p_run_id::text;
  end if;

  -- Waits for concurrent claims; a later statement then sees what they claimed.
  perform 1
  from outreach.message m
  where m.run_id = any (v_run_ids)
    and m.state in ('scheduled', 'claimed', 'in_doubt')
  order by m.message_id
  for update;

  with stopped as (
    update outreach.message m
    set state = 'refused', state_at = p_at, reason = 'campaign_stopped',
        rule = 'campaign', rule_version = policy.version('campaign', p_at)
    where m.run_id = any (v_run_ids)
      and m.state = 'scheduled'
    returning m.*
  )
  insert into outreach.claim_denial
    (message_id, user_id, channel, purpose, decided_at, due_at, useful_until, verdict, reason, rule, rule_version)
  select s.message_id, s.user_id, s.channel, s.purpose, p_at, s.due_at, s.useful_until, 'refuse', s.reason, s.rule, s.rule_version
  from stopped s;
  get diagnostics v_stopped = row_count;

  -- A message handed to a provider cannot be recalled. If it is rejected or returned, it is not retried.
  update outreach.message m
  set useful_until = m.due_at
  where m.run_id = any (v_run_ids)
    and m.state in ('claimed', 'in_doubt', 'sent')
    and m.useful_until > greatest(p_at, m.due_at);

  if p_run_id is not null then
    insert into policy.audit (happened_at, actor, action, subject, detail)
    values (p_at, p_actor, 'run_stopped', 'run ' || p_run_id, jsonb_build_object('reason', p_reason, 'stopped', v_stopped));
  end if;

  return query
  select m.message_id, m.user_id, m.run_id, m.channel, m.state, d.sent_at
  from outreach.message m
  join outreach.delivery d on d.message_id = m.message_id and d.state <> 'released'
  join smartengage.run r on r.run_id = m.run_id
  where m.run_id = any (v_run_ids)
    and (p_run_id is not null or r.planned_at > p_at - make_interval(days => policy.number('guardrail.window', p_at)::int))
  order by d.sent_at, m.message_id;
end;
$$;

comment on function smartengage.roll_back(uuid, uuid, text, text, timestamptz) is
$$Stops all messages of a campaign that are not sent yet, and lists those that are.
p_run_id: null = the whole campaign, whose status becomes stopped; else only this run, and the campaign goes on.
At psql: select * from smartengage.roll_back('campaign', null, 'name', 'wrong text', clock.now());
Result: a row per message that was or may have been sent, first sent first; of a whole campaign those planned within
guardrail.window days. State claimed or in_doubt: the outcome is not known yet.
Idempotent: a repeated call lists them again. Errors: SH404 no such campaign or run.$$;
