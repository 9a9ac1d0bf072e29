create or replace function market.accept_job(p_worker_id uuid, p_booking_id uuid, p_at timestamptz)
returns jsonb
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_booking market.booking;
begin
  -- Serializes acceptances per worker; concurrent ones would deadlock in the exclusion constraint.
  perform account.lock_person(p_worker_id);
  select b.* into v_booking
  from market.booking b
  where b.booking_id = p_booking_id
    and (b.worker_id = p_worker_id
         or exists (
           select
           from market.service s
           join market.worker w on s.category = any (w.categories)
           where s.service_id = b.service_id
             and w.user_id = p_worker_id))
  for update of b;
  if not found then
    raise exception 'There is no such job in your categories' using errcode = 'SH404', detail = p_booking_id::text;
  end if;
  if (v_booking.worker_id = p_worker_id and v_booking.status = 'confirmed') is not true then
    if v_booking.status <> 'pending' or v_booking.worker_id <> p_worker_id then
      raise exception 'The job is no longer open' using errcode = 'SH409', hint = 'Read the open jobs again.';
    end if;
    if v_booking.scheduled_at <= p_at then
      raise exception 'The time of the job has passed' using errcode = 'SH409', hint = 'Read the open jobs again.';
    end if;
    update market.booking b
    set status = 'confirmed', worker_id = p_worker_id, confirmed_at = p_at
    where b.booking_id = p_booking_id;
  end if;
  return (select j.document from market.worker_job j where j.booking_id = p_booking_id);
exception when exclusion_violation then
  raise exception 'You already have a job at that time' using errcode = 'SH409', hint = 'Read your jobs again.';
end;
$$;

comment on function market.accept_job(uuid, uuid, timestamptz) is
$$Assigns an open booking to a worker and confirms it.
The row lock on the booking serializes concurrent acceptances: one worker wins, and may repeat the call.
Result: market.worker_job.document.
Errors: SH404 no such booking in the worker's categories; SH409 it was taken or cancelled, its time has passed, or the worker
has another booking at that time (constraint booking_worker_is_free).$$;
