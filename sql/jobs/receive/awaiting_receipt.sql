create or replace function jobs.awaiting_receipt(p_channel text, p_adapter text, p_limit int)
returns jsonb
language sql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select outreach.awaiting_receipt(p_channel, p_adapter, p_limit, clock.now());
end;

comment on function jobs.awaiting_receipt(text, text, int) is
$$Accepted deliveries of an adapter without a receipt since, in an order that changes with each call, for adapters that must poll.
Result: {sendings: [{message_id, provider_id}]}.$$;
