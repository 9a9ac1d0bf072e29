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
    -- Another order each time: those that stay silent must not keep the others from being asked about.
    order by hashtext(d.message_id::text || extract(epoch from p_at)::text)
    limit p_limit
  ) x;
end;

comment on function outreach.awaiting_receipt(text, text, int, timestamptz) is
$$Accepted sendings of an adapter that nothing was heard of since, in ever different order, for providers that have to be asked.
Result: {sendings: [{message_id, provider_id}]}.$$;
