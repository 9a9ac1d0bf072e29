create or replace function market.create_booking(
  p_customer_id uuid, p_service_id uuid, p_scheduled_at timestamptz, p_add_on_ids uuid[], p_source text, p_at timestamptz)
returns uuid
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_service market.service;
  v_add_on_ids uuid[] := array(select distinct a from unnest(p_add_on_ids) a);
  v_booking_id uuid;
begin
  select s.* into v_service from market.service s where s.service_id = p_service_id and s.active;
  if not found then
    raise exception 'The service is not offered' using errcode = 'SH422', column = 'service_id',
      detail = coalesce(p_service_id::text, 'none');
  end if;
  if p_scheduled_at is null or p_scheduled_at <= p_at or p_scheduled_at > p_at + interval '180 days' then
    raise exception 'The time must lie within the next 180 days' using errcode = 'SH422', column = 'scheduled_at',
      detail = coalesce(p_scheduled_at::text, 'none');
  end if;
  if exists (
    select
    from unnest(v_add_on_ids) as w (add_on_id)
    where not exists (
      select from market.add_on a where a.add_on_id = w.add_on_id and a.service_id = p_service_id and a.active)) then
    raise exception 'An add-on is not offered with this service' using errcode = 'SH422', column = 'add_on_ids';
  end if;
  insert into market.booking (customer_id, service_id, source, created_at, scheduled_at, ends_at, price_poisha)
  values (
    p_customer_id, p_service_id, p_source, p_at, p_scheduled_at, p_scheduled_at + make_interval(mins => v_service.duration_minutes),
    v_service.price_poisha + coalesce((select sum(a.price_poisha) from market.add_on a where a.add_on_id = any (v_add_on_ids)), 0))
  returning booking_id into v_booking_id;
  insert into market.booking_add_on (booking_id, add_on_id, price_poisha)
  select v_booking_id, a.add_on_id, a.price_poisha
  from market.add_on a
  where a.add_on_id = any (v_add_on_ids);
  return v_booking_id;
end;
$$;

comment on function market.create_booking(uuid, uuid, timestamptz, uuid[], text, timestamptz) is
$$Creates a pending booking of a service for a customer, at the current prices of service and add-ons.
Repeated add-on ids count once. The caller holds the person's lock, so that a concurrent claim sees the booking.
Result: the booking's id.
Errors, with the column: SH422 service_id is not offered, scheduled_at is not within the next 180 days, add_on_ids holds an id
that is not an active add-on of the service.$$;
