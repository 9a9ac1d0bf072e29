create or replace function queue.enqueue_many(
  p_entrypoint text, p_payloads jsonb[], p_ats timestamptz[], p_dedupe_keys text[], p_priority int default 0)
returns int
language sql volatile parallel unsafe
begin atomic
  with inserted as (
    insert into queue.pgqueuer (priority, execute_after, status, entrypoint, dedupe_key, payload, headers)
    select
      p_priority, coalesce(clock.wall_clock_at(j.at), now()), 'queued', p_entrypoint, j.dedupe_key,
      convert_to(j.payload::text, 'UTF8'),
      -- As a sub-select it is computed once, not for each job.
      (select queue.trace_headers())
    from unnest(p_payloads, p_ats, p_dedupe_keys) as j (payload, at, dedupe_key)
    on conflict (dedupe_key)
      where status in ('queued', 'picked') and dedupe_key is not null
      do nothing
    returning id
  )
  select count(*)::int from inserted;
end;

comment on function queue.enqueue_many(text, jsonb[], timestamptz[], text[], int) is
$$Inserts many queued jobs of one entrypoint by one statement, so with one notification; see queue.enqueue.
p_payloads, p_ats, p_dedupe_keys: arrays of equal length. Result: the number of jobs inserted (none for a key that exists).$$;
