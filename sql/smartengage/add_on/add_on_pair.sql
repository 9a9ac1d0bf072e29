create materialized view smartengage.add_on_pair as
with together as (
  select g.add_on_id as given_id, o.add_on_id, count(*) as n
  from market.booking_add_on g
  join market.booking_add_on o on o.booking_id = g.booking_id and o.add_on_id <> g.add_on_id
  join market.booking b on b.booking_id = g.booking_id and b.status = 'completed'
  group by g.add_on_id, o.add_on_id
)
select g.service_id, g.add_on_id as given_id, o.add_on_id, coalesce(t.n, 0) as together, g.bookings * o.rate as by_chance
from smartengage.add_on_rate g
join smartengage.add_on_rate o on o.service_id = g.service_id and o.add_on_id <> g.add_on_id
left join together t on t.given_id = g.add_on_id and t.add_on_id = o.add_on_id
where g.bookings > 0;

create unique index add_on_pair_idx on smartengage.add_on_pair (service_id, given_id, add_on_id);

comment on materialized view smartengage.add_on_pair is 'How often two add-ons of a service are taken in one booking, beside how often that would be by chance, over all completed bookings; together / by_chance is the lift of an association rule. Refreshed by smartengage.refresh_snapshots.';
comment on column smartengage.add_on_pair.service_id is 'The service.';
comment on column smartengage.add_on_pair.given_id is 'The add-on that was taken.';
comment on column smartengage.add_on_pair.add_on_id is 'The other one.';
comment on column smartengage.add_on_pair.together is 'Completed bookings with both.';
comment on column smartengage.add_on_pair.by_chance is 'Bookings with both that would be expected if neither had to do with the other: bookings with the first, times the rate of the second.';
