create or replace function jobs.settle_in_doubt(p_lookups jsonb)
returns jsonb
language sql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select outreach.settle_in_doubt(p_lookups, clock.now());
end;

comment on function jobs.settle_in_doubt(jsonb) is
$$Settles messages in doubt by what the adapter's look-up found.
p_lookups: [{message_id, attempt, adapter, found, provider_id}]. Result: {accepted, released}, as counts. Repeatable.$$;
