create or replace view lint.missing_comment as
with thing as (
  select 'function ' || r.signature as object, r.schema, pg_catalog.obj_description(r.oid, 'pg_proc') as comment
  from lint.routine r
  union all
  select
    case c.relkind when 'v' then 'view ' when 'm' then 'materialized view ' else 'table ' end || c.oid::regclass,
    n.nspname,
    pg_catalog.obj_description(c.oid, 'pg_class')
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace and pg_catalog.pg_get_userbyid(n.nspowner) = 'shokti_owner'
  where c.relkind in ('r', 'p', 'v', 'm')
    and not c.relispartition
    and c.relname not like 'pgqueuer%'
  union all
  -- Columns need a comment in analytics only, where they are the contract with analysts.
  select 'column ' || c.oid::regclass || '.' || a.attname, n.nspname, pg_catalog.col_description(c.oid, a.attnum)
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace and n.nspname = 'analytics'
  join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where c.relkind in ('v', 'm')
  union all
  select 'type ' || t.oid::regtype, n.nspname, pg_catalog.obj_description(t.oid, 'pg_type')
  from pg_catalog.pg_type t
  join pg_catalog.pg_namespace n on n.oid = t.typnamespace and pg_catalog.pg_get_userbyid(n.nspowner) = 'shokti_owner'
  where t.typtype in ('d', 'e', 'r') and t.typname not like 'pgqueuer%'
  union all
  select 'schema ' || n.nspname, n.nspname, pg_catalog.obj_description(n.oid, 'pg_namespace')
  from pg_catalog.pg_namespace n
  where pg_catalog.pg_get_userbyid(n.nspowner) = 'shokti_owner'
)
select 'missing_comment' as rule, t.object, 'has no comment' as detail
from thing t
where t.schema not in ('clock', 'lint', 'deploy')
  and coalesce(btrim(t.comment), '') = '';
