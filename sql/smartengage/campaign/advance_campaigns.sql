create or replace function smartengage.advance_campaigns(p_at timestamptz)
returns jsonb
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
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
  requested as (
    -- Campaigns that repeat use the key of the daily planning, so that the day is planned once.
    select smartengage.enqueue_plan(
      s.campaign_id,
      case when s.repeats then 'daily ' || (p_at at time zone policy.default_zone())::date else 'start' end, null)
    from started s
  )
  select count(*) into v_started from requested;

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

  return jsonb_build_object('started', v_started, 'completed', v_completed);
end;
$$;

comment on function smartengage.advance_campaigns(timestamptz) is
$$Starts scheduled campaigns at starts_at and enqueues their first run; completes running ones at ends_at.
One that does not repeat also completes once all its messages have ended and its canary, if any, has been rolled out.
Result: {started, completed}. Idempotent; skips rows locked by others.$$;
