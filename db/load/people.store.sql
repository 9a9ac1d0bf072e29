-- Lost cells that are readable; the others are null already. Quiet hours are both or none.
update checked c
set full_name = case when pg_temp.is_kept(c.losses, 'full_name') then c.full_name end,
    language = case when pg_temp.is_kept(c.losses, 'language') then c.language end,
    address_form = case when pg_temp.is_kept(c.losses, 'address_form') then c.address_form end,
    greeting = case when pg_temp.is_kept(c.losses, 'greeting') then c.greeting end,
    preferred_channel = case when pg_temp.is_kept(c.losses, 'preferred_channel') then c.preferred_channel end,
    quiet_from = case when pg_temp.is_kept(c.losses, 'quiet_(from|until)') then c.quiet_from end,
    quiet_until = case when pg_temp.is_kept(c.losses, 'quiet_(from|until)') then c.quiet_until end
where c.losses <> '';

insert into account.person (
  user_id, external_id, role, full_name, language, address_form, greeting, time_zone, quiet_from, quiet_until,
  preferred_channel, created_at)
select
  c.user_id, c.id, c.role, c.full_name, coalesce(c.language, 'bn'), coalesce(c.address_form, 'none'),
  coalesce(c.greeting, 'shubheccha'), c.time_zone, c.quiet_from, c.quiet_until, c.preferred_channel, c.created_at
from checked c
where c.faults = ''
  and not c.already;

insert into account.contact (user_id, channel, address)
select c.user_id, a.channel, a.address
from checked c
cross join lateral (values ('email', c.email), ('sms', c.phone), ('whatsapp', c.whatsapp)) a (channel, address)
where c.faults = ''
  and not c.already
  and a.address is not null;

insert into market.worker (user_id, categories, zone, started_at)
select c.user_id, coalesce(c.categories, '{}'), c.zone, coalesce(c.started_at, c.created_at)
from checked c
where c.faults = ''
  and not c.already
  and c.role = 'worker';

-- Name, addresses, area and categories follow the file; an empty cell changes nothing. Language, form of address, quiet hours
-- and channel are the person's choice, which may be newer here.
with changed as (
  update account.person p
  set full_name = c.full_name
  from checked c
  where c.faults = ''
    and c.already
    and p.external_id = c.id
    and p.erased_at is null
    and p.full_name is distinct from coalesce(c.full_name, p.full_name)
  returning c.line)
update checked c
set updated = true
from changed h
where h.line = c.line;

-- A new address is unverified and loses the suppression of the old one; a complaint is the person's, so it stays.
-- A WhatsApp number that was the phone number moves with it.
with changed as (
  insert into account.contact (user_id, channel, address)
  select p.user_id, a.channel, a.address
  from checked c
  join account.person p on p.external_id = c.id and p.erased_at is null
  left join account.contact s on s.user_id = p.user_id and s.channel = 'sms'
  left join account.contact w on w.user_id = p.user_id and w.channel = 'whatsapp'
  cross join lateral (values
    ('email', c.email),
    ('sms', c.phone),
    ('whatsapp', coalesce(c.whatsapp, case when w.address = s.address then c.phone end))) a (channel, address)
  where c.faults = ''
    and c.already
    and a.address is not null
    and not exists (
      select
      from account.contact o
      where o.user_id = p.user_id
        and o.channel = a.channel
        and o.address = a.address)
  order by p.user_id, a.channel
  on conflict (user_id, channel) do update
  set address = excluded.address,
      verified_at = null,
      suppressed_at = case when contact.suppressed_reason = 'complaint' then contact.suppressed_at end,
      suppressed_reason = case when contact.suppressed_reason = 'complaint' then contact.suppressed_reason end
  returning user_id)
update checked c
set updated = true
from changed h
join account.person p on p.user_id = h.user_id
where c.faults = ''
  and c.id = p.external_id;

with changed as (
  update market.worker w
  set zone = c.zone,
      categories = coalesce(c.categories, w.categories)
  from checked c
  join account.person p on p.external_id = c.id and p.erased_at is null
  where c.faults = ''
    and c.already
    and w.user_id = p.user_id
    and (w.zone, w.categories) is distinct from (c.zone, coalesce(c.categories, w.categories))
  returning c.line)
update checked c
set updated = true
from changed h
where h.line = c.line;

insert into load_reject (file, line, field, reason, outcome)
select current_setting('load.file'), c.line, 'created_at', 'differs from the stored one, which is kept', 'kept'
from checked c
join account.person p on p.external_id = c.id
where c.faults = ''
  and c.already
  and p.created_at <> c.created_at;

insert into load_lost (kind, id)
select c.role, c.id
from checked c
where c.faults <> ''
  and c.id is not null;

analyze account.person;
