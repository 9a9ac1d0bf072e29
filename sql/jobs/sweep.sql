create or replace function jobs.sweep()
returns jsonb
language sql volatile parallel unsafe
security definer
set search_path = ''
begin atomic
  select outreach.sweep(clock.now()) || jsonb_build_object(
    'matched', outreach.match_events(null, clock.now()),
    'attributed', coalesce(smartengage.attribute(clock.now()), 0));
end;

comment on function jobs.sweep() is
$$Tidies what got stuck (see outreach.sweep), gives early receipts to their messages (outreach.match_events) and credits new bookings to messages (see smartengage.attribute).
Result: {in_doubt, expired, woken, matched, attributed}. Repeatable.$$;
