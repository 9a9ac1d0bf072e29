create or replace function smartengage.visit(p_at timestamptz)
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
   group by 1, 2, 3;
end;

comment on function smartengage.visit(timestamptz) is
  'Completed bookings before p_at, one row per customer, service and local day: two bookings of one day are one visit. '
  'Everything that predicts reads bookings through here, so nothing at or after p_at can leak in.';
