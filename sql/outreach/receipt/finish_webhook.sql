create or replace function outreach.finish_webhook(
  p_provider text, p_webhook_id text, p_events jsonb, p_parse_error text, p_at timestamptz)
returns jsonb
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_recorded int;
begin
  perform 1
  from outreach.webhook_call w
  where w.provider = p_provider
    and w.webhook_id = p_webhook_id
    and w.read_at is null
  for update;
  if not found then
    return '{"recorded": 0}';
  end if;
  v_recorded := outreach.record_message_events(p_provider, p_events, p_at);
  update outreach.webhook_call w
  set read_at = p_at, events = v_recorded, parse_error = p_parse_error, body = null
  where w.provider = p_provider
    and w.webhook_id = p_webhook_id;
  return jsonb_build_object('recorded', v_recorded);
end;
$$;

comment on function outreach.finish_webhook(text, text, jsonb, text, timestamptz) is
$$Stores the events of a webhook call, or why it could not be parsed (p_parse_error), and deletes its body.
p_events: see jobs.record_receipts. Result: {recorded: number of new events}. Idempotent.$$;
