create or replace function market.cancel_booking(p_user_id uuid, p_by text, p_booking_id uuid, p_reason text, p_at timestamptz)
returns void
language plpgsql volatile parallel unsafe
set search_path = ''
as $$
declare
  v_booking market.booking;
begin
  perform account.lock_person(p_user_id);
  select b.* into v_booking
  from market.booking b
  where b.booking_id = p_booking_id
    and p_user_id = case p_by when 'customer' then b.customer_id when 'worker' then b.worker_id end
  for update;
  if not found then
    raise exception 'There is no such booking of yours' using errcode = 'SH404', detail = p_booking_id::text;
  end if;
  if v_booking.status = 'cancelled' and v_booking.cancelled_by = p_by then
    return;
  end if;
  if v_booking.status not in ('pending', 'confirmed') then
    raise exception 'It is too late to cancel' using errcode = 'SH409', detail = v_booking.status,
      hint = 'What has begun is ended by completing it, or by an admin.';
  end if;
  update market.booking b
  set status = 'cancelled', cancelled_at = p_at, cancelled_by = p_by, cancel_reason = p_reason
  where b.booking_id = p_booking_id;
end;
$$;

comment on function market.cancel_booking(uuid, text, uuid, text, timestamptz) is
$$Cancels a booking that has not begun, by its customer or its worker (p_by), with the reason. Repeatable: the first reason stays.
Errors: SH404 no such booking of the person; SH409 it has begun, is over, or was cancelled by somebody else.$$;
