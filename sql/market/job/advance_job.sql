create or replace function market.advance_job(p_worker_id uuid, p_booking_id uuid, p_step text, p_at timestamptz)
returns void
language plpgsql volatile parallel unsafe
set search_path = ''
as $$
declare
  v_booking market.booking;
  -- What a job must be for the step, and what it is after it; a repetition finds the latter and changes nothing.
  v_from text := case p_step when 'complete' then 'in_progress' else 'confirmed' end;
  v_done_at timestamptz;
begin
  select b.* into v_booking
  from market.booking b
  where b.booking_id = p_booking_id
    and b.worker_id = p_worker_id
  for update;
  if not found then
    raise exception 'There is no such job of yours' using errcode = 'SH404', detail = p_booking_id::text;
  end if;
  v_done_at := case p_step
    when 'arrive' then v_booking.arrived_at when 'start' then v_booking.started_at else v_booking.completed_at end;
  if v_booking.status <> 'cancelled' and v_done_at is not null then
    return;
  end if;
  if v_booking.status <> v_from then
    raise exception 'The job is not at that step' using errcode = 'SH409', detail = v_booking.status, hint = 'Read the job again.';
  end if;
  -- Not before the step before: that may be of a transaction that began after this one.
  update market.booking b
  set status = case p_step when 'arrive' then 'confirmed' when 'start' then 'in_progress' else 'completed' end,
      -- Who starts has arrived.
      arrived_at = coalesce(b.arrived_at, greatest(p_at, b.confirmed_at)),
      started_at = case when p_step = 'arrive' then b.started_at else coalesce(b.started_at, greatest(p_at, b.arrived_at)) end,
      completed_at = case when p_step = 'complete' then greatest(p_at, b.started_at) end
  where b.booking_id = p_booking_id;
end;
$$;

comment on function market.advance_job(uuid, uuid, text, timestamptz) is
$$A worker's next step in a job: arrive (noted once), start (confirmed > in_progress), complete (in_progress > completed). Repeatable.
Errors: SH404 no such job of the worker; SH409 the job is not at that step.$$;
