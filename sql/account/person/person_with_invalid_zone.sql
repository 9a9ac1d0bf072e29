create or replace view account.person_with_invalid_zone as
select p.user_id, p.time_zone
from account.person p
where p.time_zone is not null
  and not exists (select from policy.time_zone z where z.name = p.time_zone);

comment on view account.person_with_invalid_zone is
'People whose time zone is unknown to the server, for correction in psql; until then the default zone applies.';
comment on column account.person_with_invalid_zone.user_id is 'The person.';
comment on column account.person_with_invalid_zone.time_zone is 'The time zone as given.';
