create or replace function jobs.webhook_body(p_provider text, p_webhook_id text)
returns jsonb
language sql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select jsonb_build_object('body', (
    select encode(w.body, 'base64')
    from outreach.webhook_call w
    where w.provider = p_provider
      and w.webhook_id = p_webhook_id));
end;

comment on function jobs.webhook_body(text, text) is
$$The body of a provider's webhook call that was not processed yet.
Result: {body (base64)}; null once it was processed.$$;
