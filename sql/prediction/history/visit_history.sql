create or replace function prediction.visit_history(p_at timestamptz, p_share double precision, p_customer_id uuid default null)
  returns table (customer_id uuid, service_id uuid, days date[], last_at timestamptz)
language sql stable parallel safe
begin atomic
  -- In the order of booking_visit_idx from beginning to end, so that nothing is sorted.
  with visit as (
    select b.customer_id,
           b.service_id,
           b.completed_at,
           l.day,
           lag(l.day) over (partition by b.customer_id, b.service_id order by b.completed_at) as before
      from market.booking b
     cross join lateral (select (b.completed_at at time zone (select policy.default_zone()))::date as day) l
     where b.status = 'completed'
       and b.completed_at < p_at
       and (p_customer_id is null or b.customer_id = p_customer_id)
       -- the hash of a uuid is spread evenly over the integers, so this is always the same share of the customers
       and (p_share >= 1 or uuid_hash(b.customer_id) < (p_share - 0.5) * 4294967296))
  select v.customer_id,
         v.service_id,
         array_agg(v.day order by v.completed_at) filter (where v.before is distinct from v.day),
         max(v.completed_at)
    from visit v
   group by v.customer_id, v.service_id;
end;

comment on function prediction.visit_history(timestamptz, double precision, uuid) is
  'Local days of the completed bookings before p_at, in order, one row per customer and service: two bookings of one day are one visit. '
  'last_at = the last of them. p_share: of which share of the customers, 1 = all; p_customer_id: only of this one. Everything that predicts reads bookings through here, '
  'so nothing at or after p_at can leak in.';
