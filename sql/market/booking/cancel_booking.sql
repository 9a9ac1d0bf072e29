create or replace function market.cancel_booking(
  p_user_id uuid, p_cancelled_by text, p_booking_id uuid, p_reason text, p_at timestamptz)
returns void
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_booking market.booking;
begin
  perform account.lock_person(p_user_id);
  select b.* into v_booking
  from market.booking b
  where b.booking_id = p_booking_id
    and p_user_id = case p_cancelled_by when 'customer' then b.customer_id when 'worker' then b.worker_id end
  for update;
  if not found then
    raise exception 'You have no such booking' using errcode = 'SH404', detail = p_booking_id::text;
  end if;
  if v_booking.status = 'cancelled' and v_booking.cancelled_by = p_cancelled_by then
    return;
  end if;
  if v_booking.status not in ('pending', 'confirmed') then
    raise exception 'The booking can no longer be cancelled' using errcode = 'SH409', detail = v_booking.status,
      hint = 'Only pending and confirmed bookings can be cancelled.';
  end if;
  update market.booking b
  set status = 'cancelled', cancelled_at = p_at, cancelled_by = p_cancelled_by, cancel_reason = p_reason
  where b.booking_id = p_booking_id;
end;
$$;

comment on function market.cancel_booking(uuid, text, uuid, text, timestamptz) is
$$Cancels a pending or confirmed booking for its customer or its worker, with the reason.
p_cancelled_by: customer or worker. Repeatable by the same side: the first reason is kept.
Errors: SH404 the person has no such booking; SH409 it is in progress or completed, or somebody else cancelled it.$$;
