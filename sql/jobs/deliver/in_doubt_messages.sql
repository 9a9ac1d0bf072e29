create or replace function jobs.in_doubt_messages(p_channel text, p_limit int, p_adapter text default null)
returns jsonb
language sql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select jsonb_build_object('messages', coalesce(
    jsonb_agg(jsonb_build_object('message_id', x.message_id, 'attempt', x.attempt)), '[]'))
  from (
    select m.message_id, m.attempt
    from outreach.message m
    join outreach.delivery d on d.message_id = m.message_id and d.attempt = m.attempt
    where m.state = 'in_doubt'
      and m.channel = p_channel
      -- An adapter can look up only what it sent itself: elsewhere "not found" proves nothing.
      and (p_adapter is null or d.adapter = p_adapter)
    order by m.state_at
    limit p_limit
  ) x;
end;

comment on function jobs.in_doubt_messages(text, int, text) is
$$Messages in doubt of a channel, the oldest first, for adapters that can look them up.
p_adapter: only deliveries of this adapter; null = of any. Result: {messages: [{message_id, attempt}]}.$$;
