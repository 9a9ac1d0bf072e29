-- A marketplace of plans.customers people with ten bookings each, three messages sent to each, and one due now to every
-- fourth. Written past the triggers by the superuser: only its size and shape matter here.
set session_replication_role = replica;

insert into account.person (user_id, external_id, role, full_name, created_at)
select md5('person' || n)::uuid, 'person-' || n, 'customer', 'রহিমা খাতুন', timestamptz '2024-01-01 10:00+06'
from generate_series(1, current_setting('plans.customers')::int) as n;

insert into account.contact (user_id, channel, address)
select p.user_id, 'email', p.external_id || '@example.com' from account.person p;

insert into account.consent (user_id, channel, purpose, valid_at, source, wording_version, actor)
select p.user_id, 'email', 'outreach', tstzrange('2024-01-01 10:00+06', null), 'app', '1', 'self' from account.person p;

insert into market.service (service_id, code, category, name_bn, name_en, price_poisha, duration_minutes)
select md5('service' || n)::uuid, 'service-' || n, 'cleaning', 'বাসা পরিষ্কার', 'Cleaning', 100000 + n * 1000, 120
from generate_series(1, 12) as n;

insert into market.add_on (add_on_id, service_id, code, name_bn, name_en, price_poisha)
select md5('add-on' || n)::uuid, md5('service' || (1 + n % 12))::uuid, 'add-on-' || n, 'ফ্রিজ', 'Fridge', 20000
from generate_series(1, 24) as n;

-- Five visits each to two services, every 20 to 40 days, a day or two off; the last at most one rhythm ago, and never
-- so lately that the message due now would be refused as booked.
insert into market.booking (
  booking_id, customer_id, service_id, status, source, created_at, scheduled_at, ends_at, completed_at, price_poisha)
select
  md5('booking' || n || '/' || k)::uuid, md5('person' || n)::uuid, md5('service' || (1 + (n + k % 2) % 12))::uuid,
  'completed', 'import', v.at - interval '1 day', v.at, v.at + interval '2 hours', v.at + interval '2 hours', 150000
from generate_series(1, current_setting('plans.customers')::int) as n
cross join generate_series(0, 9) as k
cross join lateral (
  select timestamptz '2026-11-23 09:00+06'
         - make_interval(days => (20 + n % 21) * (k / 2) + (n * 7919::bigint % (20 + n % 21))::int + (n * 31 + k * 17) % 3 + 2,
            hours => n % 9) as at
) v;

insert into market.booking_add_on (booking_id, add_on_id, price_poisha)
select b.booking_id, a.add_on_id, a.price_poisha
from market.booking b
join market.add_on a on a.service_id = b.service_id
where b.booking_id < '33333333-0000-0000-0000-000000000000';

insert into outreach.message (
  message_id, user_id, channel, purpose, message_class, obeys_caps, takes_slot, kind, occurrence, service_id, template_id, state,
  state_at, planned_at, due_at, useful_until, attempt)
select
  md5('message' || n || '/' || k)::uuid, md5('person' || n)::uuid, 'email', 'outreach', 'reminder', true, true, 'reminder',
  'past-' || k, md5('service' || (1 + n % 12))::uuid, t.template_id, 'sent', v.at, v.at, v.at, v.at + interval '2 days', 1
from generate_series(1, current_setting('plans.customers')::int) as n
cross join generate_series(1, 3) as k
cross join lateral (select timestamptz '2026-11-23 09:00+06' - make_interval(days => k * 28 + n % 14) as at) v
cross join (
  select t.template_id from text.template t where t.language = 'bn' and t.category is null and t.form = 'long'
  order by t.variant limit 1
) t;

insert into outreach.delivery (
  message_id, attempt, user_id, channel, purpose, takes_slot, sent_at, consent_channel, consent_purpose, state)
select m.message_id, 1, m.user_id, m.channel, m.purpose, m.takes_slot, m.due_at, m.channel, m.purpose, 'accepted'
from outreach.message m;

insert into outreach.cap_slot (
  user_id, cap, cap_version, slot_no, max_messages, window_hours, taken_at, frees_at, message_id, attempt)
select d.user_id, c.cap, c.version, 1, c.max_messages, c.window_hours, d.sent_at,
       d.sent_at + make_interval(hours => c.window_hours), d.message_id, 1
from outreach.delivery d
join policy.cap c on c.purpose = d.purpose;

insert into outreach.message (
  message_id, user_id, channel, purpose, message_class, obeys_caps, takes_slot, kind, occurrence, service_id, template_id, state,
  state_at, planned_at, due_at, useful_until)
select
  md5('due' || m.message_id)::uuid, m.user_id, m.channel, m.purpose, m.message_class, m.obeys_caps, m.takes_slot, m.kind, 'due',
  m.service_id, m.template_id, 'scheduled', '2026-11-23 09:00+06', '2026-11-23 09:00+06',
  timestamptz '2026-11-23 09:30+06' + random() * interval '20 minutes', '2026-11-25 10:00+06'
from outreach.message m
where m.occurrence = 'past-3'
  and ('x' || substr(md5(m.user_id::text), 1, 4))::bit(16)::int % 4 = 0;

insert into smartengage.campaign (campaign_id, name, status, created_at, created_by)
values (md5('campaign')::uuid, 'reminders', 'running', '2026-01-01 10:00+06', 'test');

set session_replication_role = origin;
analyze;
