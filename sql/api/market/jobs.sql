create or replace function api.jobs(p_actor uuid, p_status text default 'upcoming,active', p_cursor text default null, p_limit int default 20)
returns jsonb
language plpgsql stable parallel safe
security definer
set search_path = ''
as $$
declare
  v_person account.person := account.authenticate(p_actor, 'worker', clock.now());
  -- Workers speak of jobs, bookings have states.
  v_statuses text[] := array(
    select case w.word when 'open' then 'pending' when 'upcoming' then 'confirmed' when 'active' then 'in_progress' else w.word end
    from unnest(string_to_array(p_status, ',')) as w (word));
begin
  -- What is to come is wanted from its nearest end, and so is what is over.
  if v_statuses <@ array['completed', 'cancelled'] then
    return market.past_worker_job_page(v_person.user_id, v_statuses, p_cursor, p_limit);
  end if;
  return market.worker_job_page(v_person.user_id, v_statuses, p_cursor, p_limit, clock.now());
end;
$$;

comment on function api.jobs(uuid, text, text, int) is
$$The caller's jobs and those on offer.
The earliest first; the latest first where only completed or cancelled ones are asked for. status, several separated by commas: open (on offer to any worker of the category who is free then), upcoming (accepted), active (begun), completed, cancelled. In pages: next_cursor leads to the next, null = that was all.
Errors: SH401 the session has ended; SH403 another role.$$;
