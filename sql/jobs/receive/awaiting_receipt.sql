create or replace function jobs.awaiting_receipt(p_channel text, p_adapter text, p_limit int)
returns jsonb
language sql stable parallel safe
security definer
set search_path = ''
begin atomic
  select outreach.awaiting_receipt(p_channel, p_adapter, p_limit, clock.now());
end;

comment on function jobs.awaiting_receipt(text, text, int) is
$$Accepted sendings that nothing was heard of since, in ever different order, for adapters that have to ask.
Result: {sendings: [{message_id, provider_id}]}.$$;
