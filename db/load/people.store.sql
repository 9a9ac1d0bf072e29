insert into account.person (
  user_id, external_id, role, full_name, language, address_form, greeting, time_zone, quiet_from, quiet_until,
  preferred_channel, created_at)
select
  c.user_id, c.id, c.role, c.full_name, c.language, c.address_form, c.greeting, c.time_zone, c.quiet_from, c.quiet_until,
  c.preferred_channel, c.created_at
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
