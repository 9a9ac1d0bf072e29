create or replace function outreach.prune_receipts(p_at timestamptz)
returns int
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_pruned int;
  v_forgotten int;
begin
  delete from outreach.webhook_call w
  where w.received_at < p_at - make_interval(days => policy.number('webhook.keep', p_at)::int);
  get diagnostics v_pruned = row_count;
  delete from outreach.message_event e
  where e.message_id is null
    and e.provider_id is not null
    and e.recorded_at < p_at - make_interval(days => policy.number('webhook.keep', p_at)::int);
  get diagnostics v_forgotten = row_count;
  return v_pruned + v_forgotten;
end;
$$;

comment on function outreach.prune_receipts(timestamptz) is
$$Deletes webhook calls older than webhook.keep (days), and receipts as old that never matched a message.
Receipts of one-time codes never do. An old call cannot be repeated: its signature is valid for five minutes.
Result: number deleted. Idempotent.$$;
