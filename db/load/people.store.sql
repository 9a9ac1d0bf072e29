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

insert into load_lost (kind, id)
select c.role, c.id
from checked c
where c.faults <> ''
  and c.id is not null;

analyze account.person;
