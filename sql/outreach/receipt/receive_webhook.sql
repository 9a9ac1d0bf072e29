create or replace function outreach.receive_webhook(p_provider text, p_webhook_id text, p_body bytea, p_at timestamptz)
returns boolean
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
begin
  insert into outreach.webhook_call (provider, webhook_id, received_at, body)
  values (p_provider, p_webhook_id, p_at, p_body)
  on conflict (provider, webhook_id) do nothing;
  if not found then
    return false;
  end if;
  perform queue.enqueue('receipts', jsonb_build_object('provider', p_provider, 'webhook_id', p_webhook_id), p_priority => 5);
  return true;
end;
$$;

comment on function outreach.receive_webhook(text, text, bytea, timestamptz) is
$$Stores a provider's webhook call, whose signature the edge has verified, and enqueues its parsing.
Result: false if that webhook_id was received before; then nothing happens.$$;
