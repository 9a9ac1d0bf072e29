create or replace function outreach.sweep_stuck_messages(p_at timestamptz)
returns jsonb
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_in_doubt int;
  v_expired int;
  v_woken int;
begin
  with stale as (
    select m.message_id, m.attempt
    from outreach.message m
    where m.state = 'claimed'
      and m.state_at < p_at - make_interval(secs => policy.number('claim.lease', p_at))
    order by m.message_id
    for update skip locked
  ),
  doubted as (
    update outreach.message m
    set state = 'in_doubt', state_at = p_at, reason = 'claim_not_settled'
    from stale s
    where m.message_id = s.message_id
    returning m.message_id
  ),
  delivered as (
    update outreach.delivery d
    set state = 'in_doubt'
    from stale s
    where d.message_id = s.message_id
      and d.attempt = s.attempt
      and d.state = 'claimed'
  )
  select count(*) into v_in_doubt from doubted;

  with useless as (
    select m.message_id
    from outreach.message m
    where m.state = 'scheduled'
      and m.useful_until < p_at
    order by m.message_id
    for update skip locked
  ),
  expired as (
    update outreach.message m
    set state = 'expired', state_at = p_at, reason = 'too_late',
        rule = 'reminder.useful_for', rule_version = policy.version('reminder.useful_for', p_at)
    from useless u
    where m.message_id = u.message_id
    returning m.*
  ),
  denied as (
    insert into outreach.claim_denial
      (message_id, user_id, channel, purpose, decided_at, due_at, useful_until, verdict, reason, rule, rule_version)
    select e.message_id, e.user_id, e.channel, e.purpose, p_at, e.due_at, e.useful_until, 'expire', e.reason, e.rule, e.rule_version
    from expired e
  )
  select count(*) into v_expired from expired;

  -- Every due message has a wake-up, even if its queued job was lost.
  with overdue as (
    select m.channel, array_agg(p_at) as ats
    from outreach.message m
    where m.state = 'scheduled'
      and m.due_at <= p_at - interval '2 minutes'
      and not exists (select from outreach.campaign_hold h where h.campaign_id = m.campaign_id)
    group by m.channel
  )
  select coalesce(sum(outreach.enqueue_wake_ups(o.channel, o.ats)), 0) into v_woken from overdue o;

  return jsonb_build_object('in_doubt', v_in_doubt, 'expired', v_expired, 'woken', v_woken);
end;
$$;

comment on function outreach.sweep_stuck_messages(timestamptz) is
$$Repairs stuck messages: claims older than claim.lease become in doubt, messages past useful_until expire.
Due messages without a wake-up get one. Result: {in_doubt, expired, woken}. Idempotent; skips locked messages.$$;
