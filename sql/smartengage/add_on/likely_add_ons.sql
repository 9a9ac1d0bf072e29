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
  -- Lift of each other add-on, shrunken to 1, averaged over the person's own add-ons by how often they took each.
  lifted as (
    select
      l.add_on_id,
      sum(o.taken * (l.bookings_together + (select policy.number('add_on.lift_weight', p_at)))
                  / (l.expected_together + (select policy.number('add_on.lift_weight', p_at)))) / sum(o.taken) as lift
    from own o
    join smartengage.add_on_rate g on g.add_on_id = o.add_on_id and g.bookings >= (select policy.number('add_on.min_support', p_at))
    join smartengage.add_on_pair l on l.service_id = p_service_id and l.given_add_on_id = o.add_on_id
    where l.expected_together + (select policy.number('add_on.lift_weight', p_at)) > 0
    group by l.add_on_id
  ),
  rated as (
    select
      r.add_on_id,
      (coalesce(o.taken, 0) + (select policy.number('add_on.prior_weight', p_at)) * least(r.rate * coalesce(l.lift, 1), 1))
        / nullif(v.n + (select policy.number('add_on.prior_weight', p_at)), 0) as rate
    from smartengage.add_on_rate r
    join market.add_on a on a.add_on_id = r.add_on_id and a.active
    cross join own_visits v
    left join own o on o.add_on_id = r.add_on_id
    left join lifted l on l.add_on_id = r.add_on_id
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
$$Add-ons that a person is likely to book with a service, most likely first, at most add_on.max, each at add_on.min_rate or more.
Estimate: their own rate over completed bookings, shrunken by add_on.prior_weight to the rate of the service
(smartengage.add_on_rate) times the lift of their own add-ons.
Lift: observed / expected bookings together (smartengage.add_on_pair), shrunken to 1 by add_on.lift_weight
(Agrawal, Imieliński and Swami, SIGMOD 1993; Brin et al., SIGMOD 1997).
Add-ons with fewer bookings than add_on.min_support are not offered and give no lift.
Result: one row, an empty array if there are none. A set, so that it is inlined into queries over many people.$$;
