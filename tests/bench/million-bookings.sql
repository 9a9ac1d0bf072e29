-- The ten bookings each of the people from bench.first to bench.last (million.sql).
insert into market.booking (customer_id, service_id, status, source, created_at, scheduled_at, ends_at, completed_at, price_poisha)
select
  md5('person' || n)::uuid, md5('service' || (1 + (n + k % 2) % 12))::uuid, 'completed', 'import',
  v.at - interval '1 day', v.at, v.at + interval '2 hours', v.at + interval '2 hours', 150000
from generate_series(current_setting('bench.first')::int, current_setting('bench.last')::int) as n
cross join generate_series(0, 9) as k
cross join lateral (
  select timestamptz '2026-11-23 09:00+06' - make_interval(
           days => (20 + n % 21) * (k / 2) + (n * 7919::bigint % (20 + n % 21))::int + (n * 31 + k * 17) % 3 + 2,
            hours => n % 9) as at
) v;
