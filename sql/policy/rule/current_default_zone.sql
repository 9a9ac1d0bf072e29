create or replace view policy.current_default_zone as
select r.value #>> '{}' as zone
from policy.rule r
where r.rule = 'default_zone'
  and r.valid_at @> clock.now();

comment on view policy.current_default_zone is
$$The value of policy.default_zone() as a view of one row.
For views that roles other than the owner read: a function call in a view runs with the privileges of the reader.$$;
comment on column policy.current_default_zone.zone is 'IANA name.';
