create or replace function jobs.finish_webhook(p_provider text, p_webhook_id text, p_events jsonb, p_fault text default null)
returns jsonb
language sql volatile parallel unsafe
security definer
set search_path = ''
begin atomic
  select outreach.finish_webhook(p_provider, p_webhook_id, p_events, p_fault, clock.now());
end;

comment on function jobs.finish_webhook(text, text, jsonb, text) is
$$Records what a provider's call told (p_events as for jobs.record_receipts), or p_fault = why it could not be understood.
Result: {recorded}. Repeatable.$$;
