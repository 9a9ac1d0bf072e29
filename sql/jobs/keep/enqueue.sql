create or replace function jobs.enqueue(p_entrypoint text, p_payload jsonb, p_dedupe_key text default null)
returns jsonb
language sql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select jsonb_build_object('job_id', queue.enqueue(p_entrypoint, p_payload, p_dedupe_key => p_dedupe_key));
end;

comment on function jobs.enqueue(text, jsonb, text) is
$$Enqueues one job, due at once.
Schedules use it, so that scheduled work is retried and held like any queued job.
Result: {job_id}; null if a job with the same p_dedupe_key is queued or running.$$;
