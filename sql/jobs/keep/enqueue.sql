create or replace function jobs.enqueue(p_entrypoint text, p_payload jsonb, p_dedupe_key text default null)
returns jsonb
language sql volatile parallel unsafe
security definer
set search_path = ''
begin atomic
  select jsonb_build_object('job_id', queue.enqueue(p_entrypoint, p_payload, p_dedupe_key => p_dedupe_key));
end;

comment on function jobs.enqueue(text, jsonb, text) is
$$Makes one job for the worker, to be done at once: the schedule asks for work this way, so that what fails is retried and held like any job.
Result: {job_id}; null if a job with the same p_dedupe_key is waiting or being done.$$;
