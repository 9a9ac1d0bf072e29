create or replace function smartengage.attribute_bookings(p_at timestamptz)
returns int
language sql volatile parallel unsafe
begin atomic
  with fresh as (
    select b.booking_id, b.customer_id, b.service_id, b.created_at
    from market.booking b
    where b.created_at > p_at - make_interval(days => policy.number('attribution.window', p_at)::int)
      and b.created_at <= p_at
  ),
  touched as (
    -- Last touch among the messages with the furthest state.
    select distinct on (f.booking_id) f.booking_id, f.created_at, m.message_id
    from fresh f
    join outreach.message m
      on m.user_id = f.customer_id
     and m.service_id = f.service_id
     and m.state in ('sent', 'delivered', 'opened', 'clicked')
    join outreach.delivery d
      on d.message_id = m.message_id
     and d.state = 'accepted'
     and f.created_at between d.sent_at and d.sent_at + make_interval(days => policy.number('attribution.window', p_at)::int)
    -- delivered ranks as sent: it depends on the provider, not on the person.
    order by f.booking_id, case m.state when 'clicked' then 2 when 'opened' then 1 else 0 end desc, d.sent_at desc
  )
  select coalesce(outreach.record_message_events('attribution', jsonb_agg(jsonb_build_object(
    'message_id', t.message_id, 'kind', 'booked', 'happened_at', t.created_at,
    'source_event_id', t.booking_id, 'detail', jsonb_build_object('booking_id', t.booking_id))), p_at), 0)
  from touched t
  having count(*) > 0;
end;

comment on function smartengage.attribute_bookings(timestamptz) is
$$Credits bookings to messages, whose state becomes booked.
A booking of the message's service by its recipient, within attribution.window days of the sending, is credited to one message:
the one with the furthest state (clicked, opened, sent), among these the last one sent.
Result: number of newly credited bookings, null if there are none. Idempotent: a booking is credited once.$$;
