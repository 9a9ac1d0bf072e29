create or replace function jobs.record_code_outcome(p_request_id uuid, p_outcome text, p_is_final boolean)
returns jsonb
language sql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select jsonb_build_object('recorded', account.record_code_outcome(p_request_id, p_outcome, p_is_final, clock.now()));
end;

comment on function jobs.record_code_outcome(uuid, text, boolean) is
$$Records the outcome of sending a one-time code; p_is_final also deletes its sealed part.
p_outcome: accepted, or a short reason without personal data. Result: {recorded}.$$;
