-- A million people with five visits each to two services, every 20 to 40 days, a day or two off; all of them reachable.
-- Written past the triggers and with the long indexes made at the end: only its size and shape matter here.
set session_replication_role = replica;
alter table market.booking
  drop constraint booking_worker_is_free,
  drop constraint booking_external_id_is_unique;
drop index market.booking_worker_idx, market.booking_service_idx, market.booking_visit_idx, market.booking_recent_idx;

insert into account.person (user_id, external_id, role, full_name, created_at)
select md5('person' || n)::uuid, 'person-' || n, 'customer', 'রহিমা খাতুন', timestamptz '2024-01-01 10:00+06'
from generate_series(1, 1000000) as n;

insert into account.contact (user_id, channel, address)
select p.user_id, 'email', p.external_id || '@example.com' from account.person p;

insert into account.consent (user_id, channel, purpose, valid_at, source, wording_version, actor)
select p.user_id, 'email', 'outreach', tstzrange('2024-01-01 10:00+06', null), 'app', '1', 'self' from account.person p;

insert into market.service (service_id, code, category, name_bn, name_en, price_poisha, duration_minutes)
select md5('service' || n)::uuid, 'service-' || n, 'cleaning', 'বাসা পরিষ্কার', 'Cleaning', 100000 + n * 1000, 120
from generate_series(1, 12) as n;

insert into market.booking (customer_id, service_id, status, source, created_at, scheduled_at, ends_at, completed_at, price_poisha)
select
  md5('person' || n)::uuid, md5('service' || (1 + (n + k % 2) % 12))::uuid, 'completed', 'import',
  v.at - interval '1 day', v.at, v.at + interval '2 hours', v.at + interval '2 hours', 150000
from generate_series(1, 1000000) as n
cross join generate_series(0, 9) as k
cross join lateral (
  select timestamptz '2026-11-23 09:00+06' - make_interval(
           days => (20 + n % 21) * (k / 2) + (n * 7919::bigint % (20 + n % 21))::int + (n * 31 + k * 17) % 3 + 2, hours => n % 9) as at
) v;
create index booking_visit_idx on market.booking (customer_id, service_id, completed_at) where status = 'completed';
create index booking_recent_idx on market.booking (customer_id, created_at);

insert into smartengage.campaign (name, status, created_at, created_by)
values ('reminders', 'running', '2026-01-01 10:00+06', 'bench');

set session_replication_role = origin;
