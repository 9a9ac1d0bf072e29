create or replace function api.receive_webhook(p_provider text, p_webhook_id text, p_body bytea)
returns jsonb
language sql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select jsonb_build_object('received', outreach.receive_webhook(p_provider, p_webhook_id, p_body, clock.now()));
end;

comment on function api.receive_webhook(text, text, bytea) is
$$Receives delivery reports from a provider.
Signed per Standard Webhooks (webhook-id, webhook-timestamp within 5 minutes, webhook-signature), or with the secret of the SMS
gateway in the Authorization header. Reports are processed in the background, in any order. A webhook-id that came before is
answered with `received` = false and has no effect.$$;
