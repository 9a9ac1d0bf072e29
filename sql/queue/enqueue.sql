create or replace function queue.enqueue(
  p_entrypoint text, p_payload jsonb, p_at timestamptz default null, p_priority int default 0,
  p_dedupe_key text default null, p_headers jsonb default null)
returns bigint
language sql volatile parallel unsafe
begin atomic
  insert into queue.pgqueuer (priority, execute_after, status, entrypoint, dedupe_key, payload, headers)
  values (p_priority, coalesce(clock.wall_clock_at(p_at), now()), 'queued', p_entrypoint, p_dedupe_key,
          convert_to(p_payload::text, 'UTF8'), coalesce(p_headers, queue.trace_headers()))
  on conflict (dedupe_key)
    where status in ('queued', 'picked') and dedupe_key is not null
    do nothing
  returning id;
end;

comment on function queue.enqueue(text, jsonb, timestamptz, int, text, jsonb) is
$$Inserts one queued job in the transaction of the caller; workers are notified at commit.
p_payload: ids only, no personal data. p_at: earliest start, null = now. p_headers: default queue.trace_headers().
p_dedupe_key: nothing is inserted while a job with this key is queued or picked.
Result: the id of the job; null if a job with the key exists.$$;
