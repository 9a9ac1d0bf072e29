create or replace function jobs.record_receipts(p_source text, p_receipts jsonb)
returns jsonb
language sql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select jsonb_build_object('recorded', outreach.record_message_events(p_source, p_receipts, clock.now()));
end;

comment on function jobs.record_receipts(text, jsonb) is
$$Records receipts of a provider.
p_source: the adapter. p_receipts: [{message_id | reference | provider_id, attempt, kind: sent | delivered | opened | clicked |
bounced | complained | returned, happened_at, source_event_id, is_machine, detail}]. detail of bounced: {bounce: hard | soft |
mailbox_full | vacation, status (code of RFC 3463)}; of returned: {again (may be sent again), retry_after (seconds), person_limit}.
Result: {recorded}. Repeatable: a source_event_id counts once.$$;
