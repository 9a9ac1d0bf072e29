create or replace function smartengage.visit(p_at timestamptz, p_share double precision)
  returns table (customer_id uuid, service_id uuid, day date, last_at timestamptz)
language sql stable parallel safe
begin atomic
  select b.customer_id,
         b.service_id,
         (b.completed_at at time zone (select policy.default_zone()))::date,
         max(b.completed_at)
    from market.booking b
   where b.status = 'completed'
     and b.completed_at < p_at
     -- the hash of a uuid is spread evenly over the integers, so this is always the same share of the customers
     and (p_share >= 1 or uuid_hash(b.customer_id) < (p_share - 0.5) * 4294967296)
   group by 1, 2, 3;
end;

comment on function smartengage.visit(timestamptz, double precision) is
  'Completed bookings before p_at, one row per customer, service and local day: two bookings of one day are one visit. p_share: of which '
  'share of the customers, 1 = all. Everything that predicts reads bookings through here, so nothing at or after p_at can leak in.';
