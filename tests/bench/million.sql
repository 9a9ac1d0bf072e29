-- bench.people people with five visits each to two services, every 20 to 40 days, a day or two off; all of them reachable.
-- Written past the triggers and with the long indexes made at the end (million-bookings.sql writes the bookings, several
-- connections at once, million-end.sql ends it): only size and shape matter here.
set session_replication_role = replica;
alter table market.booking
  drop constraint booking_worker_is_free,
  drop constraint booking_external_id_is_unique,
  drop constraint booking_pkey cascade;
drop index market.booking_worker_idx, market.booking_service_idx, market.booking_visit_idx, market.booking_recent_idx;

-- In the order of their keys, which the indexes take in as fast as can be.
insert into account.person (user_id, external_id, role, full_name, created_at)
select x.user_id, 'person-' || x.n, 'customer', 'রহিমা খাতুন', timestamptz '2024-01-01 10:00+06'
from (select md5('person' || n)::uuid as user_id, n
      from generate_series(1, current_setting('bench.people')::int) as n order by 1) x;

insert into account.contact (user_id, channel, address)
select p.user_id, 'email', p.external_id || '@example.com' from account.person p;

insert into account.consent (user_id, channel, purpose, valid_at, source, wording_version, actor)
select p.user_id, 'email', 'outreach', tstzrange('2024-01-01 10:00+06', null), 'app', '1', 'self' from account.person p;

insert into market.service (service_id, code, category, name_bn, name_en, price_poisha, duration_minutes)
select md5('service' || n)::uuid, 'service-' || n, 'cleaning', 'বাসা পরিষ্কার', 'Cleaning', 100000 + n * 1000, 120
from generate_series(1, 12) as n;

-- The second comes to people to whom the first has written: they wait for a free place.
insert into smartengage.campaign (name, status, created_at, created_by)
values ('reminders', 'running', '2026-01-01 10:00+06', 'bench'), ('more reminders', 'running', '2026-01-01 10:00+06', 'bench');

set session_replication_role = origin;
