-- Error messages are made from the names of constraints, so a generated name is not enough.
create or replace view lint.unnamed_constraint as
select
  'unnamed_constraint' as rule,
  'table ' || k.conrelid::regclass as object,
  k.conname || ' has a generated name: ' || pg_catalog.pg_get_constraintdef(k.oid) as detail
from pg_catalog.pg_constraint k
join pg_catalog.pg_namespace n on n.oid = k.connamespace and pg_catalog.pg_get_userbyid(n.nspowner) = 'shokti_owner'
where k.contype in ('c', 'x')
  and k.conrelid <> 0
  and k.conname ~ '_(check|excl)[0-9]*$'
  and n.nspname not in ('queue', 'deploy');
