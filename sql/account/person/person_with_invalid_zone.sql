create or replace view account.person_with_invalid_zone as
select p.user_id, p.time_zone
from account.person p
where p.time_zone is not null
  and not exists (select from policy.time_zone z where z.name = p.time_zone);

comment on view account.person_with_invalid_zone is 'People whose time zone this server does not know; they are treated as in the default zone. Operations mend them here.';
comment on column account.person_with_invalid_zone.user_id is 'The person.';
comment on column account.person_with_invalid_zone.time_zone is 'The zone as given.';
