insert into market.review (booking_id, rating, body, created_at)
select
  b.booking_id, r.rating,
  case when pg_temp.draw(b.external_id, 'writes') < 0.4 then normalize(pg_temp.pick(case
    when r.rating >= 4 then array['খুব ভালো কাজ হয়েছে, ধন্যবাদ।', 'সময়মতো এসেছেন, ব্যবহারও সুন্দর।', 'পরিচ্ছন্ন কাজ, আবার ডাকব।', 'যত্ন নিয়ে কাজ করেছেন।', 'সবকিছু গুছিয়ে দিয়ে গেছেন।', 'Very good work, thank you.']
    when r.rating = 3 then array['কাজ মোটামুটি ভালো।', 'একটু দেরি হয়েছে, তবে কাজ ঠিক আছে।', 'আরও একটু যত্ন দরকার ছিল।']
    else array['সময়মতো আসেননি।', 'কাজ শেষ করতে অনেক সময় লেগেছে।', 'যেমন চেয়েছিলাম তেমন হয়নি।'] end, b.external_id, 'words'), nfc) end,
  b.completed_at + make_interval(mins => (10 + 600 * pg_temp.draw(b.external_id, 'review after'))::int)
from market.booking b
cross join stage s
cross join lateral (
  select greatest(1, least(5, round(4.7 - 1.4 * power(pg_temp.draw(b.worker_id::text, 'lateness'), 4)
    - case when b.arrived_at > b.scheduled_at + interval '10 minutes' then 0.9 else 0 end + 0.7 * pg_temp.bell(b.external_id, 'mood'))))::int as rating
) r
where b.status = 'completed'
  and b.external_id like 'demo-%'
  and pg_temp.draw(b.external_id, 'reviews') < 0.45
  and b.completed_at < pg_temp.local(s.until, 12);

select market.make_event_partitions(m) from stage s cross join generate_series(s.until - interval '130 days', s.until, interval '1 month') as m;

-- What they did in the app in the last four months: at the hours at which they book, and now and then besides.
insert into market.app_event (event_id, user_id, kind, happened_at, external_id)
select pg_temp.id_of('event', e.of), e.user_id, e.kind, e.happened_at, 'demo-' || e.of
from stage s
cross join lateral (
  select v.of || '/' || k.kind as of, v.user_id, k.kind, v.created_at - k.before as happened_at
  from visit v
  cross join (values ('app_opened', interval '4 minutes'), ('service_viewed', interval '3 minutes'), ('booking_started', interval '1 minute')) as k (kind, before)
  union all
  select r.key || '/look' || n, r.user_id, 'app_opened',
    pg_temp.local(s.until - floor(115 * pg_temp.draw(r.key || n, 'look'))::int, least(greatest(r.app_hour + pg_temp.bell(r.key || n, 'looks'), 0.1), 23.8))
  from rhythm r
  cross join generate_series(1, 3) n
) e
where e.happened_at > pg_temp.local(s.until - 120, 0)
  and e.happened_at < pg_temp.local(s.until, 24);

insert into smartengage.campaign (campaign_id, name, status, channels, created_at, created_by)
select pg_temp.id_of('campaign', 'daily-reminder'), 'daily-reminder', 'running', '{email,in_app}', pg_temp.local(s.since, 9), 'demo'
from stage s
on conflict (name) do nothing;

update policy.installation set kind = 'demo';
