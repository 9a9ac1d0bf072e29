-- Messages that are all due now and will all go: one each for bench.messages people who agreed, as planning leaves them,
-- a third with an add-on.
insert into outreach.message (
  user_id, channel, purpose, message_class, obeys_caps, takes_slot, kind, campaign_id, occurrence, service_id, add_on_ids,
  suggested_at, expected_at, expected_value, template_id, state, state_at, planned_at, due_at, useful_until, window_from,
  window_until)
select
  p.user_id, 'email', k.purpose, k.message_class, k.obeys_caps, k.takes_slot, 'reminder', c.campaign_id, 'bench', s.service_id,
  case when random() < 0.33 then array[(select a.add_on_id from market.add_on a where a.service_id = s.service_id limit 1)]
       else '{}' end,
  timestamptz '2026-11-26 10:00+06', timestamptz '2026-11-26 10:00+06', 1000 * random(), t.template_id, 'scheduled',
  timestamptz '2026-11-24 07:00+06', timestamptz '2026-11-24 07:00+06',
  timestamptz '2026-11-24 08:00+06' + random() * interval '1 hour',
  timestamptz '2026-11-28 10:00+06', time '09:00', time '20:30'
from (
  select p.user_id, p.language
  from account.person p
  join account.person_zone z on z.user_id = p.user_id and z.zone = 'Asia/Dhaka'
  join account.contact o on o.user_id = p.user_id and o.channel = 'email' and o.suppressed_at is null
  join account.consent n
    on n.user_id = p.user_id
   and n.channel = 'email'
   and n.purpose = 'outreach'
   and n.valid_at @> timestamptz '2026-11-24 10:00+06'
   and upper_inf(n.valid_at)
  where p.role = 'customer'
    and p.quiet_from is null
    and p.disabled_at is null
    and p.erased_at is null
    and not exists (
      select
      from market.booking b
      where b.customer_id = p.user_id
        and (b.status in ('pending', 'confirmed', 'in_progress') or b.completed_at > timestamptz '2026-11-24 07:00+06'))
  order by md5(p.external_id)
  limit current_setting('bench.messages')::int
) p
cross join (select c.campaign_id from smartengage.campaign c order by c.created_at limit 1) c
join policy.message_class k on k.message_class = 'reminder'
cross join lateral (
  select s.service_id, s.category from market.service s order by md5(s.code || p.user_id) limit 1
) s
cross join lateral (
  select t.template_id
  from text.template t
  where t.kind = 'reminder'
    and t.origin = 'house'
    and t.language = p.language
    and t.form = 'long'
    and coalesce(t.category, s.category) = s.category
  order by t.category is null, md5(t.template_id::text || p.user_id)
  limit 1
) t;
analyze outreach.message;
