create or replace function jobs.sweep()
returns jsonb
language sql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  -- The job is out of retries. One alert per job, also once that is acknowledged, as the job stays failed until somebody acts.
  select policy.raise_alert('plan_held', 'job ' || q.id, convert_from(q.payload, 'UTF8')::jsonb, clock.now())
  from queue.pgqueuer q
  where q.status = 'failed'
    and q.entrypoint in ('plan', 'plan_daily')
    and not exists (select from policy.alert a where a.kind = 'plan_held' and a.subject = 'job ' || q.id);
  select outreach.sweep_stuck_messages(clock.now()) || smartengage.advance_campaigns(clock.now()) || jsonb_build_object(
    'matched', outreach.match_orphan_events(null, clock.now()),
    'attributed', coalesce(smartengage.attribute_bookings(clock.now()), 0));
end;

comment on function jobs.sweep() is
$$Frees messages that are stuck (outreach.sweep_stuck_messages), starts and completes campaigns (smartengage.advance_campaigns),
matches early receipts to their messages (outreach.match_orphan_events) and credits new bookings to messages
(smartengage.attribute_bookings). Raises an alert (plan_held) for each planning job that is out of retries.
Result: {in_doubt, expired, woken, started, completed, matched, attributed}. Idempotent.$$;
