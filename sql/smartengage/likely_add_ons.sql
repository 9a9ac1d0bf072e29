create or replace function smartengage.likely_add_ons(p_user_id uuid, p_service_id uuid, p_at timestamptz)
returns table (add_on_ids uuid[])
language sql stable parallel safe
begin atomic
  with own as (
    select x.add_on_id, count(*) as taken
    from market.booking b
    join market.booking_add_on x on x.booking_id = b.booking_id
    where b.customer_id = p_user_id
      and b.service_id = p_service_id
      and b.status = 'completed'
      and b.completed_at < p_at
    group by x.add_on_id
  ),
  own_visits as (
    select count(*) as n
    from market.booking b
    where b.customer_id = p_user_id
      and b.service_id = p_service_id
      and b.status = 'completed'
      and b.completed_at < p_at
  ),
  rated as (
    select
      r.add_on_id,
      (coalesce(o.taken, 0) + (select policy.number('add_on.prior_weight', p_at)) * r.rate)
        / (v.n + (select policy.number('add_on.prior_weight', p_at))) as rate
    from smartengage.add_on_rate r
    join market.add_on a on a.add_on_id = r.add_on_id and a.active
    cross join own_visits v
    left join own o on o.add_on_id = r.add_on_id
    where r.service_id = p_service_id
      and r.bookings >= (select policy.number('add_on.min_support', p_at))
  )
  select coalesce(array_agg(x.add_on_id order by x.rate desc, x.add_on_id), '{}')
  from (
    select r.add_on_id, r.rate
    from rated r
    where r.rate >= (select policy.number('add_on.min_rate', p_at))
    order by r.rate desc, r.add_on_id
    limit (select policy.number('add_on.max', p_at))::int
  ) x;
end;

comment on function smartengage.likely_add_ons(uuid, uuid, timestamptz) is
$$Add-ons that a person is likely to take with a service, most likely first, at most add_on.max.
Own rate over completed bookings shrunken to the service's (smartengage.add_on_rate), at least add_on.min_rate.
Result: one row, an empty array where there are none. A set, so that it becomes part of the query that asks for many people.$$;
