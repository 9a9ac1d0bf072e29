create or replace function prediction.visit_history(p_at timestamptz, p_fraction double precision, p_customer_id uuid default null)
returns table (customer_id uuid, service_id uuid, days date[], last_at timestamptz)
language sql stable parallel safe
begin atomic
  -- Each step keeps the order of booking_visit_idx, so nothing is sorted.
  with visit as (
    select
      b.customer_id, b.service_id, b.completed_at, l.day,
      lag(l.day) over (partition by b.customer_id, b.service_id order by b.completed_at) as previous_day
    from market.booking b
    cross join lateral (select (b.completed_at at time zone (select policy.default_zone()))::date as day) l
    where b.status = 'completed'
      and b.completed_at < p_at
      and (p_customer_id is null or b.customer_id = p_customer_id)
      -- uuid_hash spreads evenly over the integers, so a fraction always selects the same customers.
      and (p_fraction >= 1 or uuid_hash(b.customer_id) < (p_fraction - 0.5) * 4294967296)
  )
  select
    v.customer_id, v.service_id,
    array_agg(v.day order by v.completed_at) filter (where v.previous_day is distinct from v.day),
    max(v.completed_at)
  from visit v
  group by v.customer_id, v.service_id;
end;

comment on function prediction.visit_history(timestamptz, double precision, uuid) is
$$Local days of the completed bookings before p_at, ascending: one row per customer and service.
Two bookings on one day are one visit. last_at: instant of the last booking.
p_fraction: fraction of the customers to read, 1 = all. p_customer_id: only this customer.
Predictions read visits only through this function, so nothing at or after p_at leaks in.$$;
