create or replace function jobs.settle_in_doubt(p_results jsonb)
returns jsonb
language sql volatile parallel unsafe
security definer
set search_path = ''
begin atomic
  select outreach.settle_in_doubt(p_results, clock.now());
end;

comment on function jobs.settle_in_doubt(jsonb) is
$$Settles sendings in doubt by look-up: array of {message_id, attempt, adapter, found, provider_id}.
Result: {accepted, released}. Repeatable.$$;
