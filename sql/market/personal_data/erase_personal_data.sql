create or replace function market.erase_personal_data(p_user_id uuid, p_at timestamptz)
returns void
language plpgsql volatile parallel unsafe
set search_path = ''
as $$
begin
  if exists (select from market.booking b where b.worker_id = p_user_id and b.status = 'in_progress') then
    raise exception 'A job of yours is under way' using errcode = 'SH409', hint = 'Complete it first.';
  end if;
  -- What is still to come does not come: nobody is at home for it, nobody goes there.
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
  -- Reasons are words from a list, save where they were imported.
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
$$Takes a person's identity out of this layer: texts of reviews, properties and ids of events; open bookings are cancelled. Bookings, ratings and events stay, so that all sums stay. The caller holds the person's lock.
Errors: SH409 the person is a worker with a job under way.$$;
