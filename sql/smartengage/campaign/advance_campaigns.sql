create or replace function smartengage.advance_campaigns(p_at timestamptz)
returns jsonb
language plpgsql volatile parallel unsafe
set search_path = ''
as $$
declare
  v_started int;
  v_completed int;
begin
  with due as (
    select c.campaign_id
    from smartengage.campaign c
    where c.status = 'scheduled'
      and c.starts_at <= p_at
    order by c.campaign_id
    for no key update skip locked
  ),
  started as (
    update smartengage.campaign c
    set status = 'running', version = c.version + 1, changed_by = 'schedule', changed_reason = 'starts_at has come'
    from due d
    where c.campaign_id = d.campaign_id
    returning c.campaign_id, c.repeats
  ),
  asked as (
    -- The day's key for those that repeat: the daily planning, before or after, then has it done.
    select smartengage.enqueue_plan(
      s.campaign_id,
      case when s.repeats then 'daily ' || (p_at at time zone policy.default_zone())::date else 'start' end, null)
    from started s
  )
  select count(*) into v_started from asked;

  with over as (
    select c.campaign_id
    from smartengage.campaign c
    where c.status = 'running'
      and (c.ends_at <= p_at
           or not c.repeats
              and (c.canary_share >= 1 or c.widened_at is not null)
              and exists (select from smartengage.run r where r.campaign_id = c.campaign_id)
              and not exists (
                select
                from queue.pgqueuer q
                where q.dedupe_key like 'plan/' || c.campaign_id || '/%'
                  and q.status in ('queued', 'picked'))
              and not exists (
                select
                from smartengage.run r
                join outreach.message m on m.run_id = r.run_id
                where r.campaign_id = c.campaign_id
                  and m.state in ('scheduled', 'claimed', 'in_doubt')))
    order by c.campaign_id
    for no key update skip locked
  ),
  completed as (
    update smartengage.campaign c
    set status = 'completed', version = c.version + 1, changed_by = 'schedule',
        changed_reason = case when c.ends_at <= p_at then 'ends_at has come' else 'everything planned has ended' end
    from over o
    where c.campaign_id = o.campaign_id
    returning 1
  )
  select count(*) into v_completed from completed;

  -- Tried again and again in vain: somebody has to look. Once for each job, as it stays held until then.
  perform policy.raise_alert('plan_held', 'job ' || q.id, convert_from(q.payload, 'UTF8')::jsonb, p_at)
  from queue.pgqueuer q
  where q.status = 'failed'
    and q.entrypoint in ('plan', 'plan_daily')
    and not exists (select from policy.alert a where a.kind = 'plan_held' and a.subject = 'job ' || q.id);
  return jsonb_build_object('started', v_started, 'completed', v_completed);
end;
$$;

comment on function smartengage.advance_campaigns(timestamptz) is
$$Starts the scheduled campaigns whose time has come, and asks for their first run; completes the running ones whose end has come, and those that do not repeat once everything they planned has ended and their canary, if any, has been widened. Raises an alert (plan_held) for a planning that was tried in vain.
Result: {started, completed}. Repeatable; skips what others hold.$$;
