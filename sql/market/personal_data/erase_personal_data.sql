create or replace function market.erase_personal_data(p_user_id uuid, p_at timestamptz)
returns void
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
begin
  if exists (select from market.job_under_way j where j.worker_id = p_user_id) then
    raise exception 'You have a job in progress' using errcode = 'SH409', hint = 'Complete it first.';
  end if;
  update market.booking b
  set status = 'cancelled', cancelled_at = p_at, cancel_reason = 'erasure',
      cancelled_by = case b.customer_id when p_user_id then 'customer' else 'worker' end
  where b.booking_id in (
    select o.booking_id
    from market.booking o
    where p_user_id in (o.customer_id, o.worker_id)
      and o.status in ('pending', 'confirmed')
    order by o.booking_id
    for update);
  -- Imported reasons may be free text; our own are identifiers.
  update market.booking b
  set cancel_reason = null
  where b.customer_id = p_user_id
    and b.cancel_reason !~ '^[a-z_]+$';
  update market.review r
  set body = null
  from market.booking b
  where b.booking_id = r.booking_id
    and b.customer_id = p_user_id
    and r.body is not null;
  update market.app_event e
  set properties = '{}', external_id = null
  where e.user_id = p_user_id;
end;
$$;

comment on function market.erase_personal_data(uuid, timestamptz) is
$$Erases a person's identity in this schema; the caller holds the person's lock.
Cancels their pending and confirmed bookings, as customer and as worker (reason erasure). Deletes bodies of reviews, free-text
cancellation reasons, and properties and ids of app events. Bookings, ratings and events stay, so that sums do not change.
Errors: SH409 the person is a worker with a booking in progress.$$;
