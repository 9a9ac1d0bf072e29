-- Rules that triggers hold must hold for every writer: a disabled trigger, a partition without a trigger of its table,
-- and a table whose rows may not be deleted but which may be truncated are gaps.
create or replace view lint.missing_trigger as
with ours as (
  select c.oid, c.oid::regclass::text as name, c.relispartition
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace and pg_catalog.pg_get_userbyid(n.nspowner) = 'shokti_owner'
  where c.relkind in ('r', 'p')
    and n.nspname not in ('queue', 'deploy')
)
select 'missing_trigger' as rule, 'table ' || o.name as object, t.tgname || ' is disabled' as detail
from ours o
join pg_catalog.pg_trigger t on t.tgrelid = o.oid
where t.tgenabled in ('D', 'R')
union all
select 'missing_trigger', 'table ' || o.name, 'has not the trigger ' || t.tgname || ' of the table it is a partition of'
from ours o
join pg_catalog.pg_inherits i on i.inhrelid = o.oid
join pg_catalog.pg_trigger t on t.tgrelid = i.inhparent and not t.tgisinternal
where o.relispartition
  and not exists (select from pg_catalog.pg_trigger p where p.tgrelid = o.oid and (p.tgparentid = t.oid or p.tgname = t.tgname))
union all
select 'missing_trigger', 'table ' || o.name, t.tgname || ' guards deletes, but no trigger guards truncate'
from ours o
join pg_catalog.pg_trigger t on t.tgrelid = o.oid and not t.tgisinternal
where t.tgtype & 2 = 2 -- before
  and t.tgtype & 8 = 8 -- delete
  and not exists (
    select
    from pg_catalog.pg_trigger e
    where e.tgrelid = o.oid
      and e.tgtype & 32 = 32 -- truncate
  );
