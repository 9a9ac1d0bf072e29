create or replace function outreach.awaiting_receipt(p_channel text, p_adapter text, p_limit int, p_at timestamptz)
returns jsonb
language sql stable parallel safe
begin atomic
  select jsonb_build_object('sendings', coalesce(jsonb_agg(jsonb_build_object(
    'message_id', x.message_id, 'provider_id', x.provider_id)), '[]'))
  from (
    select d.message_id, d.provider_id
    from outreach.delivery d
    join outreach.message m on m.message_id = d.message_id
    where d.channel = p_channel
      and d.adapter = p_adapter
      and d.provider_id is not null
      and d.state = 'accepted'
      and m.state = 'sent'
      and d.sent_at >= p_at - make_interval(days => (select policy.number('receipt.wait', p_at))::int)
    -- Random order, so that deliveries without a receipt cannot starve the others.
    order by hashtext(d.message_id::text || extract(epoch from p_at)::text)
    limit p_limit
  ) x;
end;

comment on function outreach.awaiting_receipt(text, text, int, timestamptz) is
$$Accepted deliveries of an adapter without any receipt for receipt.wait days, in random order, for providers that must be polled.
Result: {sendings: [{message_id, provider_id}]}.$$;
