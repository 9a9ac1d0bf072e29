create temp table pool on commit drop as
select *
from (values
  ('muslim', 'm', 0.00, 0.45, array['মোহাম্মদ রহিম', 'আবদুল করিম', 'শফিকুল', 'মাহমুদুল', 'রফিকুল', 'আনিসুর', 'সাইফুল', 'তানভীর', 'রাকিবুল', 'নাজমুল', 'ইমরান', 'ফয়সাল', 'জাহিদ', 'আরিফুল', 'কামরুল', 'মিজানুর', 'শাহীন', 'হাসান', 'সোহেল', 'মাসুদ'],
     array['ইসলাম', 'হোসেন', 'আহমেদ', 'রহমান', 'খান', 'চৌধুরী', 'মিয়া', 'উদ্দিন', 'আলম', 'হক', 'সরকার', 'তালুকদার']),
  ('muslim', 'f', 0.45, 0.88, array['ফাতেমা', 'আয়েশা', 'নাসরিন', 'শারমিন', 'সুমাইয়া', 'তাসলিমা', 'রোকেয়া', 'জান্নাতুল', 'মরিয়ম', 'সাবিনা', 'ফারহানা', 'নুসরাত', 'তানিয়া', 'রাবেয়া', 'শিরিন', 'মাহমুদা', 'লায়লা', 'খাদিজা'],
     array['বেগম', 'আক্তার', 'খাতুন', 'সুলতানা', 'ইসলাম', 'রহমান', 'চৌধুরী', 'পারভীন', 'জাহান', 'হোসেন']),
  ('hindu', 'm', 0.88, 0.925, array['সুব্রত', 'প্রদীপ', 'তপন', 'অনুপম', 'বিপ্লব', 'সঞ্জয়', 'রাজীব', 'দীপক', 'অমিত', 'গৌতম'],
     array['দাস', 'সাহা', 'রায়', 'ঘোষ', 'চক্রবর্তী', 'পাল', 'দত্ত', 'মণ্ডল']),
  ('hindu', 'f', 0.925, 0.97, array['মিতা', 'সুস্মিতা', 'রীনা', 'পূর্ণিমা', 'শিখা', 'লক্ষ্মী', 'অর্পিতা', 'সোমা', 'কাকলি', 'দীপা'],
     array['রানী দাস', 'সাহা', 'রায়', 'ঘোষ', 'চক্রবর্তী', 'পাল', 'দত্ত', 'সরকার']),
  ('christian', 'm', 0.97, 0.98, array['জোসেফ', 'মাইকেল', 'ডেভিড', 'আন্তনি'], array['গোমেজ', 'রোজারিও', 'কস্তা', 'ডি সিলভা']),
  ('christian', 'f', 0.98, 0.99, array['মারিয়া', 'ক্লারা', 'তেরেসা', 'লুসি'], array['গোমেজ', 'রোজারিও', 'কস্তা', 'ক্রুজ']),
  ('buddhist', 'm', 0.99, 0.995, array['সুমন', 'রণজিৎ', 'প্রীতম'], array['বড়ুয়া', 'চাকমা', 'মারমা']),
  ('buddhist', 'f', 0.995, 1.01, array['শান্তা', 'মায়া', 'প্রীতি'], array['বড়ুয়া', 'চাকমা', 'মারমা'])
) as v (community, sex, lowest, below, given, family);

create temp table drawn on commit drop as
select
  role, role || n as of, pg_temp.id_of('person', role || n) as user_id, n,
  pg_temp.draw(role || n, 'community') as community_draw,
  pg_temp.draw(role || n, 'chooses') as chooses,
  pg_temp.draw(role || n, 'named') as named,
  case when role = 'worker' or pg_temp.draw(role || n, 'old') < 0.55
    then pg_temp.local(s.since, 9 + 11 * pg_temp.draw(role || n, 'hour')) + 40 * pg_temp.draw(role || n, 'day') * interval '1 day'
    else pg_temp.local(s.since + (pg_temp.draw(role || n, 'day') * (s.until - s.since - 1))::int, 9 + 11 * pg_temp.draw(role || n, 'hour'))
  end as created_at
from stage s
cross join lateral (
  select 'customer' as role, n from generate_series(1, s.customers) n
  union all
  select 'worker', n from generate_series(1, s.workers) n
) p;

insert into account.person
  (user_id, external_id, role, full_name, language, address_form, greeting, time_zone, quiet_from, quiet_until, preferred_channel, created_at)
select
  d.user_id, 'demo-' || d.of, d.role,
  case when d.named < 0.03 and d.role = 'customer' then null
       else normalize(pg_temp.pick(p.given, d.of, 'given') || ' ' || pg_temp.pick(p.family, d.of, 'family'), nfc) end,
  case when pg_temp.draw(d.of, 'language') < 0.06 then 'en' else 'bn' end,
  case when d.chooses > 0.4 then 'none'
       when p.community = 'muslim' then case p.sex when 'm' then 'bhai' else 'apa' end
       when p.community = 'hindu' then case p.sex when 'm' then 'dada' else 'didi' end
       else 'none' end,
  case when pg_temp.draw(d.of, 'greets') > 0.45 then 'shubheccha'
       when p.community = 'muslim' then 'assalamu_alaikum'
       when p.community = 'hindu' then 'nomoskar'
       else 'shubheccha' end,
  -- A few zones no server knows: nobody else may suffer from them.
  case when d.role = 'customer' and d.n % 997 = 5 then 'Bengal/Dhaka'
       when pg_temp.draw(d.of, 'zone') < 0.01 then pg_temp.pick(array['Europe/London', 'Asia/Dubai', 'America/New_York'], d.of, 'abroad')
       when pg_temp.draw(d.of, 'zone') < 0.5 then 'Asia/Dhaka' end,
  case when pg_temp.draw(d.of, 'quiet') < 0.06 then time '13:00' when pg_temp.draw(d.of, 'quiet') < 0.10 then time '19:00' end,
  case when pg_temp.draw(d.of, 'quiet') < 0.06 then time '16:00' when pg_temp.draw(d.of, 'quiet') < 0.10 then time '09:30' end,
  case when pg_temp.draw(d.of, 'prefers') < 0.05 then 'in_app' when pg_temp.draw(d.of, 'prefers') < 0.2 then 'email' end,
  d.created_at
from drawn d
join pool p on d.community_draw >= p.lowest and d.community_draw < p.below;

-- example.com is nobody's; the numbers follow the form of Bangladeshi mobiles and are made up.
insert into account.contact (user_id, channel, address, verified_at)
select d.user_id, c.channel, c.address, d.created_at
from drawn d
cross join lateral (values
  ('email', d.of || '@example.com', 0.93),
  ('sms', '+8801' || (3 + d.n % 7) || lpad((d.n * 7919 % 100000000)::text, 8, '0'), 0.98)
) as c (channel, address, share)
where pg_temp.draw(d.of, 'has ' || c.channel) < c.share;

insert into account.consent (user_id, channel, purpose, valid_at, source, wording_version, actor, withdrawn_source, withdrawn_actor)
select
  d.user_id, c.channel, c.purpose,
  tstzrange(d.created_at, case when w.withdrawn then d.created_at + (0.2 + 0.8 * pg_temp.draw(d.of, 'when ' || c.channel)) * (u.until_at - d.created_at) end),
  'app', '2026-01', d.user_id::text,
  case when w.withdrawn then pg_temp.pick(array['link', 'app'], d.of, 'stopped by') end,
  case when w.withdrawn then d.user_id::text end
from drawn d
cross join (select pg_temp.local(s.until, 24) as until_at from stage s) u
cross join lateral (values
  ('customer', 'email', 'outreach', 0.80), ('customer', 'in_app', 'outreach', 0.45), ('customer', 'sms', 'outreach', 0.20),
  ('worker', 'in_app', 'coaching', 0.90), ('worker', 'email', 'coaching', 0.60), ('worker', 'in_app', 'voice', 0.30)
) as c (role, channel, purpose, share)
cross join lateral (select pg_temp.draw(d.of, 'stops ' || c.channel || c.purpose) < 0.06 as withdrawn) w
where c.role = d.role
  and pg_temp.draw(d.of, 'consents ' || c.channel || c.purpose) < c.share;

insert into market.worker (user_id, categories, zone, started_at)
select
  d.user_id,
  array[k.first] || case when pg_temp.draw(d.of, 'second') < 0.3 and k.second <> k.first then array[k.second] else '{}' end,
  pg_temp.pick(array['Uttara', 'Mirpur', 'Dhanmondi', 'Mohammadpur', 'Gulshan', 'Banani', 'Bashundhara', 'Badda', 'Khilgaon', 'Motijheel', 'Old Dhaka', 'Tejgaon'], d.of, 'zone'),
  d.created_at
from drawn d
cross join lateral (
  -- The first ones make sure that every category has somebody.
  select c.list[1 + case when d.n <= cardinality(c.list) then d.n - 1 else floor(pg_temp.draw(d.of, 'category') * cardinality(c.list))::int end] as first,
         c.list[1 + floor(pg_temp.draw(d.of, 'other category') * cardinality(c.list))::int] as second
  from (select array_agg(distinct h.category order by h.category) as list from habit h) c
) k
where d.role = 'worker';
