create or replace view lint.unrefreshable_view as
select
  'unrefreshable_view' as rule,
  'materialized view ' || c.oid::regclass as object,
  'has no unique index, so it cannot be refreshed concurrently' as detail
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace and pg_catalog.pg_get_userbyid(n.nspowner) = 'shokti_owner'
where c.relkind = 'm'
  and not exists (
    select from pg_catalog.pg_index i where i.indrelid = c.oid and i.indisunique and i.indpred is null and i.indexprs is null
  );
