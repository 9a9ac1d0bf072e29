create or replace function jobs.finish_webhook(
  p_provider text, p_webhook_id text, p_receipts jsonb, p_parse_error text default null)
returns jsonb
language sql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select outreach.finish_webhook(p_provider, p_webhook_id, p_receipts, p_parse_error, clock.now());
end;

comment on function jobs.finish_webhook(text, text, jsonb, text) is
$$Records the receipts of a provider's webhook call, or why the call could not be parsed (p_parse_error).
p_receipts: as for jobs.record_receipts. Result: {recorded}. Repeatable.$$;
