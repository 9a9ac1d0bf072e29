create or replace function jobs.in_doubt(p_channel text, p_limit int)
returns jsonb
language sql stable parallel safe
security definer
set search_path = ''
begin atomic
  select jsonb_build_object('messages', coalesce(jsonb_agg(jsonb_build_object('message_id', x.message_id, 'attempt', x.attempt)), '[]'))
  from (
    select m.message_id, m.attempt
    from outreach.message m
    where m.state = 'in_doubt'
      and m.channel = p_channel
    order by m.state_at
    limit p_limit
  ) x;
end;

comment on function jobs.in_doubt(text, int) is
$$Sendings of a channel whose answer was lost, oldest first, for adapters that can look them up.
Result: {messages: [{message_id, attempt}]}.$$;
