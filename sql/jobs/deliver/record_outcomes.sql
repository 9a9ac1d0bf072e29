create or replace function jobs.record_outcomes(p_outcomes jsonb)
returns jsonb
language sql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select outreach.record_outcomes(p_outcomes, clock.now());
end;

comment on function jobs.record_outcomes(jsonb) is
$$Records the outcomes of claimed messages.
p_outcomes: [{message_id, attempt, adapter, outcome: accepted | refused | later | unknown, provider_id, error, address_is_bad,
retry_after (seconds), person_limit (the provider limits messages to this person)}].
Result: {accepted, failed, retry, in_doubt}, as counts. Repeatable.$$;
