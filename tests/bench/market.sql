-- A marketplace to measure on: bench.customers people, about ten bookings each over eighteen months until 23 November
-- 2026. Only what decides speed is lifelike: how many rows a person has, rhythms that can be predicted for some and not
-- for others, habits of hour, consents, letters of three bytes. Foreign keys are not checked: they hold by construction.
set session_replication_role = replica;
set timezone = 'Asia/Dhaka';
select setseed(0.5);

insert into market.service (code, category, name_bn, name_en, price_poisha, duration_minutes)
select
  'service-' || n,
  (array['cleaning', 'beauty', 'electrical', 'plumbing'])[1 + n % 4],
  (array['বাসা পরিষ্কার', 'বাড়িতে পার্লার', 'বৈদ্যুতিক কাজ', 'পানির লাইন মেরামত'])[1 + n % 4],
  (array['Home cleaning', 'Beauty at home', 'Electrical work', 'Plumbing'])[1 + n % 4],
  80000 + n * 10000,
  60
from generate_series(1, 12) as n;

insert into market.add_on (service_id, code, name_bn, name_en, price_poisha)
select s.service_id, s.code || '-' || n, 'ফ্রিজ পরিষ্কার', 'Fridge cleaning', 20000
from market.service s
cross join generate_series(1, 3) as n;

insert into account.person (external_id, role, full_name, address_form, language, created_at)
select
  'customer-' || n, 'customer',
  (array['রহিমা খাতুন', 'আব্দুল করিম', 'সুমন দাস', 'Nusrat Jahan', 'মোহাম্মদ রফিকুল ইসলাম', null])[1 + n % 6],
  (array['none', 'none', 'bhai', 'apa'])[1 + n % 4],
  case when n % 12 = 0 then 'en' else 'bn' end,
  timestamptz '2025-05-01' + n % 300 * interval '1 hour'
from generate_series(1, current_setting('bench.customers')::int) as n;

insert into account.contact (user_id, channel, address, verified_at)
select p.user_id, 'email', p.external_id || '@example.com', p.created_at
from account.person p;

-- Four of five agreed to e-mail.
insert into account.consent (user_id, channel, purpose, valid_at, source, wording_version, actor)
select p.user_id, 'email', 'outreach', tstzrange(p.created_at, null), 'signup', '1', p.user_id::text
from account.person p
where random() < 0.8;

-- One or two services each, every so many days, more or less. Many tried it once or twice; a fifth of the others stopped
-- coming at some time.
create temporary table rhythm as
select
  p.user_id,
  s.service_id,
  (array[21, 28, 28, 30, 45, 60, 60, 90])[1 + floor(8 * random())::int] as period_days,
  0.05 + 0.3 * random() as spread,
  9 + floor(11 * random())::int as usual_hour,
  case when random() < 0.4 then 1 + floor(2 * random())::int else 40 end as most_visits,
  date '2025-05-20' + floor(90 * random())::int as first_day,
  case when random() < 0.2 then date '2025-08-20' + floor(400 * random())::int else date '2026-11-23' end as last_day
from account.person p
cross join lateral (
  select s.service_id
  from market.service s
  order by md5(s.code || p.user_id)
  limit case when p.external_id ~ '[0-7]$' or p.external_id ~ '[05].$' then 1 else 2 end
) s;

insert into market.booking (
  external_id, customer_id, service_id, status, source, created_at, scheduled_at, ends_at, confirmed_at, started_at, completed_at,
  price_poisha)
select
  'booking-' || row_number() over (), v.user_id, v.service_id, 'completed', 'import', v.at - interval '1 day', v.at, v.at + interval '1 hour',
  v.at - interval '20 hours', v.at, v.at + interval '1 hour', 100000
from (
  select
    r.*,
    (r.first_day
     + floor(n * r.period_days + r.period_days * r.spread * (random() + random() + random() - 1.5))::int
     + make_time(r.usual_hour, 0, 0)) at time zone 'Asia/Dhaka' as at
  from rhythm r
  cross join lateral generate_series(0, r.most_visits - 1) as n
  where r.first_day + (n * r.period_days) <= r.last_day
) v
where v.at < timestamptz '2026-11-23 18:00+06'
order by v.at;

-- A third of the visits took an extra, most people always the same.
insert into market.booking_add_on (booking_id, add_on_id, price_poisha)
select b.booking_id, a.add_on_id, a.price_poisha
from market.booking b
join market.service s on s.service_id = b.service_id
join market.add_on a on a.code = s.code || '-' || 1 + abs(hashtext(b.customer_id::text)) % 3
where abs(hashtext(b.customer_id::text)) % 10 < 6
  and random() < 0.55;

insert into smartengage.campaign (name, status, channels, created_at, created_by)
values ('bench', 'running', '{email}', '2026-01-01', 'bench');

set session_replication_role = origin;
analyze account.person, account.contact, account.consent, market.service, market.add_on, market.booking, market.booking_add_on;
