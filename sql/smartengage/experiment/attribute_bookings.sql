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
    -- Last touch; clicked before opened before sent.
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
    -- Whether a provider told of the delivery says nothing of the reader: delivered is no more than sent.
    order by f.booking_id, case m.state when 'clicked' then 2 when 'opened' then 1 else 0 end desc, d.sent_at desc
  )
  select coalesce(outreach.record_message_events('attribution', jsonb_agg(jsonb_build_object(
    'message_id', t.message_id, 'kind', 'booked', 'happened_at', t.created_at,
    'source_event_id', t.booking_id, 'detail', jsonb_build_object('booking_id', t.booking_id))), p_at), 0)
  from touched t
  having count(*) > 0;
end;

comment on function smartengage.attribute_bookings(timestamptz) is
$$Credits bookings to messages: a booking of the message's service by its reader within attribution.window days of the sending goes to the message they came furthest with (clicked, opened, sent), the latest of these; the message becomes booked.
Result: how many bookings were newly credited; null for none. Repeatable: a booking is credited once.$$;
