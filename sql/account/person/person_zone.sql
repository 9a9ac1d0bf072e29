create or replace view account.person_zone as
select p.user_id, coalesce(z.name, (select policy.default_zone())) as zone
from account.person p
left join policy.time_zone z on z.name = p.time_zone;

comment on view account.person_zone is
$$Time zone of each person: their own, or the default zone if their own is unknown to the server.
An invalid zone therefore never fails a query over many people.$$;
comment on column account.person_zone.user_id is 'The person.';
comment on column account.person_zone.zone is 'IANA name; never null, always known to the server.';
