create or replace function market.advance_job(p_worker_id uuid, p_booking_id uuid, p_step text, p_at timestamptz)
returns jsonb
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_booking market.booking;
  v_from text := case p_step when 'complete' then 'in_progress' else 'confirmed' end;
  v_done_at timestamptz;
begin
  select b.* into v_booking
  from market.booking b
  where b.booking_id = p_booking_id
    and b.worker_id = p_worker_id
  for update;
  if not found then
    raise exception 'You have no such job' using errcode = 'SH404', detail = p_booking_id::text;
  end if;
  v_done_at := case p_step
    when 'arrive' then v_booking.arrived_at when 'start' then v_booking.started_at else v_booking.completed_at end;
  if v_booking.status = 'cancelled' or v_done_at is null then
    if v_booking.status <> v_from then
      raise exception 'The job''s status does not allow this step' using errcode = 'SH409', detail = v_booking.status,
        hint = 'Read the job again.';
    end if;
    -- greatest() keeps timestamps monotonic: the previous step may carry a later p_at.
    update market.booking b
    set status = case p_step when 'arrive' then 'confirmed' when 'start' then 'in_progress' else 'completed' end,
        -- Starting implies arrival.
        arrived_at = coalesce(b.arrived_at, greatest(p_at, b.confirmed_at)),
        started_at = case when p_step = 'arrive' then b.started_at else coalesce(b.started_at, greatest(p_at, b.arrived_at)) end,
        completed_at = case when p_step = 'complete' then greatest(p_at, b.started_at) end
    where b.booking_id = p_booking_id;
  end if;
  return (select j.document from market.worker_job j where j.booking_id = p_booking_id);
end;
$$;

comment on function market.advance_job(uuid, uuid, text, timestamptz) is
$$Records a step of a worker in a booking: arrive, start (confirmed > in_progress) or complete (in_progress > completed).
Repeatable: a step that was recorded keeps its instant. Result: market.worker_job.document.
Errors: SH404 the worker has no such booking; SH409 its status does not allow the step.$$;
