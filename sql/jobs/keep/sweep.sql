create or replace function jobs.sweep()
returns jsonb
language sql volatile parallel unsafe
security definer
set search_path = ''
begin atomic
  select outreach.sweep(clock.now()) || smartengage.advance(clock.now()) || jsonb_build_object(
    'matched', outreach.match_events(null, clock.now()),
    'attributed', coalesce(smartengage.attribute(clock.now()), 0));
end;

comment on function jobs.sweep() is
$$Tidies what got stuck (see outreach.sweep), starts and completes campaigns (smartengage.advance), gives early receipts to their messages (outreach.match_events) and credits new bookings to messages (see smartengage.attribute).
Result: {in_doubt, expired, woken, started, completed, matched, attributed}. Repeatable.$$;
