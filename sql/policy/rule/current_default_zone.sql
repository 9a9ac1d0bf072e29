create or replace view policy.current_default_zone as
select r.value #>> '{}' as zone
from policy.rule r
where r.rule = 'default_zone'
  and r.valid_at @> clock.now();

comment on view policy.current_default_zone is 'policy.default_zone() as a view, one row: views that others than their owner read cannot call functions that read tables.';
comment on column policy.current_default_zone.zone is 'IANA name.';
