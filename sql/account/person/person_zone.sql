create or replace view account.person_zone as
select p.user_id, coalesce(z.name, (select policy.default_zone())) as zone
from account.person p
left join policy.time_zone z on z.name = p.time_zone;

comment on view account.person_zone is 'The time zone to use for each person: their own where this server knows it, else the default zone; so one invalid zone never stops anybody else.';
comment on column account.person_zone.user_id is 'The person.';
comment on column account.person_zone.zone is 'IANA name; never null, always known to the server.';
