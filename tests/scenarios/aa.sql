-- A thousand campaigns that do nothing: the same people were due in each, drawn into messages and ghosts as planning draws
-- them, and booked as they would have anyway. People differ, and each was due with two services: some nearly always book,
-- some hardly ever. Written past the triggers by the superuser: there is no message behind these outcomes.
set session_replication_role = replica;

insert into account.person (user_id, external_id, role, created_at)
select md5('person' || n)::uuid, 'person-' || n, 'customer', timestamptz '2025-01-01 10:00+06'
from generate_series(1, 600) as n;

insert into market.service (service_id, code, category, name_bn, name_en, price_poisha, duration_minutes)
select md5('service' || n)::uuid, 'service-' || n, 'cleaning', 'বাসা পরিষ্কার', 'Cleaning', 150000, 120
from generate_series(1, 2) as n;

insert into market.booking (booking_id, customer_id, service_id, status, source, created_at, scheduled_at, ends_at, price_poisha)
select
  md5('booking' || p.user_id || s.service_id)::uuid, p.user_id, s.service_id, 'pending', 'app',
  timestamptz '2026-11-03 10:00+06', timestamptz '2026-11-05 10:00+06', timestamptz '2026-11-05 12:00+06', 150000
from account.person p
cross join market.service s
-- From nobody's 2 % to a regular's 80 %; the mean is 28 %.
where stats.bucket(p.user_id, 'books ' || s.code) < 0.02 + 0.78 * stats.bucket(p.user_id, 'regular') ^ 2;

insert into smartengage.campaign (campaign_id, name, status, holdout_share, created_at, created_by)
select md5('campaign' || n)::uuid, 'nothing ' || n, 'running', 0.2, timestamptz '2026-01-01 10:00+06', 'test'
from generate_series(1, 1000) as n;

insert into smartengage.run (run_id, campaign_id, trigger_key, planned_at, candidates)
select c.campaign_id, c.campaign_id, 'once', timestamptz '2026-11-01 07:00+06', 1200
from smartengage.campaign c;

insert into smartengage.candidate (run_id, user_id, service_id, occurrence, segment, p14, expected_at, outcome, message_id)
select
  c.campaign_id, p.user_id, s.service_id, s.code || ':5', 'repeat', 0.5, timestamptz '2026-11-03 10:00+06',
  case when stats.bucket(p.user_id, c.campaign_id || '/holdout') < c.holdout_share then 'ghost' else 'message' end, p.user_id
from smartengage.campaign c
cross join account.person p
cross join market.service s;

set session_replication_role = origin;
analyze;
