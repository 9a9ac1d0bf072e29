-- Every object is in a schema of the product and is owned by shokti_owner.
create or replace view lint.stray_object as
with thing as (
  select
    'relation ' || c.oid::regclass as object, c.oid, 'pg_catalog.pg_class'::regclass as class,
    c.relnamespace as namespace, c.relowner as owner
  from pg_catalog.pg_class c
  union all
  select 'function ' || p.oid::regprocedure, p.oid, 'pg_catalog.pg_proc'::regclass, p.pronamespace, p.proowner
  from pg_catalog.pg_proc p
)
select
  'stray_object' as rule,
  t.object,
  case when n.nspname = 'public' then 'is in schema public' else 'is owned by ' || t.owner::regrole end as detail
from thing t
join pg_catalog.pg_namespace n on n.oid = t.namespace
where (n.nspname = 'public'
       or (pg_catalog.pg_get_userbyid(n.nspowner) = 'shokti_owner' and pg_catalog.pg_get_userbyid(t.owner) <> 'shokti_owner'))
  and not exists (
    select from pg_catalog.pg_depend d where d.classid = t.class and d.objid = t.oid and d.deptype = 'e'
  );
