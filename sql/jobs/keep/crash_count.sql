create or replace function jobs.crash_count(p_job_id bigint)
returns jsonb
language sql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  -- Consecutive 'picked' rows without a final status are worker processes that died while they held the job; the last
  -- one is the caller's.
  select jsonb_build_object('crashes', greatest(0, count(*) - 1))
  from queue.pgqueuer_log l
  where l.job_id = p_job_id
    and l.status = 'picked'
    and l.id > coalesce((
      select max(e.id)
      from queue.pgqueuer_log e
      where e.job_id = p_job_id
        and e.status <> 'picked'), 0);
end;

comment on function jobs.crash_count(bigint) is
$$How many worker processes died while they held a queued job, since it last ended or was requeued.
pgqueuer's own count of attempts does not grow after a crash. Result: {crashes}.$$;
