create or replace view analytics.segment as
select c.as_of, c.segment, c.segment_version, count(*) as customers, avg(c.visits)::double precision as mean_visits
from smartengage.customer_segment c
group by c.as_of, c.segment, c.segment_version;

comment on view analytics.segment is
'Customers by segment at the last refresh: one row per segment.';
comment on column analytics.segment.as_of is 'Instant of the refresh (UTC).';
comment on column analytics.segment.segment is 'new, repeat, at_risk or inactive.';
comment on column analytics.segment.segment_version is 'Version of the segment definitions.';
comment on column analytics.segment.customers is 'Number of customers.';
comment on column analytics.segment.mean_visits is 'Completed bookings per customer, on average.';
