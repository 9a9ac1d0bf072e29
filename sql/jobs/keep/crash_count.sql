create or replace function jobs.crash_count(p_job_id bigint)
returns jsonb
language sql stable parallel safe
security definer
set search_path = ''
begin atomic
  -- Each taking of a job is logged, and so is each end of one. Takings in a row without an end are processes that died
  -- with the job in hand; the last taking is the one that asks.
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
$$How many worker processes died while they held this job, since it last ended or was put back: pgqueuer's own count of attempts does not grow by a crash.
Result: {crashes}.$$;
