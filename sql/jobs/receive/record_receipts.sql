create or replace function jobs.record_receipts(p_source text, p_events jsonb)
returns jsonb
language sql volatile parallel unsafe
security definer
set search_path = ''
begin atomic
  select jsonb_build_object('recorded', outreach.record_message_events(p_source, p_events, clock.now()));
end;

comment on function jobs.record_receipts(text, jsonb) is
$$Receipts of a provider: array of {message_id | reference | provider_id, attempt, kind: sent | delivered | opened | clicked | bounced | complained | returned, happened_at, source_event_id, is_machine, detail}; p_source is the adapter's name; detail of a bounce: {bounce: hard | soft | mailbox_full | vacation, status: code of RFC 3463}; of what was returned: {again: whether it may be sent again, retry_after (seconds), person_limit}.
Result: {recorded}. Repeatable: a source_event_id counts once.$$;
