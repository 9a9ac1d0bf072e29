create or replace function api.jobs(
  p_actor uuid, p_status text default 'upcoming,active', p_cursor text default null, p_limit int default 20)
returns jsonb
language sql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select market.worker_job_page(
    p.user_id,
    array(
      -- The API has statuses of jobs, the tables have those of bookings.
      select
        case w.status when 'open' then 'pending' when 'upcoming' then 'confirmed' when 'active' then 'in_progress' else w.status end
      from unnest(string_to_array(p_status, ',')) as w (status)),
    p_cursor, p_limit, clock.now())
  from account.authenticate(p_actor, 'worker', clock.now()) p;
end;

comment on function api.jobs(uuid, text, text, int) is
$$The caller's jobs, and open jobs.
`status`, several separated by commas: open (for any worker of the category who is free then), upcoming (accepted), active
(started), completed, cancelled. The earliest first; the latest first if only completed and cancelled jobs are requested.
In pages: `next_cursor` leads to the next, null = last page.
Errors: SH401 the session has ended; SH403 another role.$$;
