create or replace function jobs.sweep()
returns jsonb
language sql volatile parallel unsafe
security definer
set search_path = ''
begin atomic
  select outreach.sweep_stuck_messages(clock.now()) || smartengage.advance_campaigns(clock.now()) || jsonb_build_object(
    'matched', outreach.match_orphan_events(null, clock.now()),
    'attributed', coalesce(smartengage.attribute_bookings(clock.now()), 0));
end;

comment on function jobs.sweep() is
$$Settles what other calls left behind.
Marks claims past their lease as in doubt, expires messages and enqueues missing wake-ups (outreach.sweep_stuck_messages), starts
and completes campaigns (smartengage.advance_campaigns), matches early receipts (outreach.match_orphan_events) and attributes
bookings (smartengage.attribute_bookings). Result: {in_doubt, expired, woken, started, completed, matched, attributed}, as counts.
Repeatable.$$;
