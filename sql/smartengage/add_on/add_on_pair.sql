create materialized view smartengage.add_on_pair as
with pair as (
  select g.add_on_id as given_add_on_id, o.add_on_id, count(*) as n
  from market.booking_add_on g
  join market.booking_add_on o on o.booking_id = g.booking_id and o.add_on_id <> g.add_on_id
  join market.booking b on b.booking_id = g.booking_id and b.status = 'completed'
  group by g.add_on_id, o.add_on_id
)
select
  g.service_id, g.add_on_id as given_add_on_id, o.add_on_id,
  coalesce(p.n, 0) as bookings_together, g.bookings * o.rate as expected_together
from smartengage.add_on_rate g
join smartengage.add_on_rate o on o.service_id = g.service_id and o.add_on_id <> g.add_on_id
left join pair p on p.given_add_on_id = g.add_on_id and p.add_on_id = o.add_on_id
where g.bookings > 0;

create unique index add_on_pair_idx on smartengage.add_on_pair (service_id, given_add_on_id, add_on_id);

comment on materialized view smartengage.add_on_pair is
$$Ordered pairs of add-ons of a service: how often both are in one completed booking, and how often by chance.
bookings_together / expected_together is the lift of an association rule. Refreshed by smartengage.refresh_snapshots.$$;
comment on column smartengage.add_on_pair.service_id is 'The service.';
comment on column smartengage.add_on_pair.given_add_on_id is 'The first add-on; taken at least once.';
comment on column smartengage.add_on_pair.add_on_id is 'The second add-on.';
comment on column smartengage.add_on_pair.bookings_together is 'Completed bookings with both.';
comment on column smartengage.add_on_pair.expected_together is
  'Expected bookings with both if they were independent: bookings with the first, times the rate of the second.';
