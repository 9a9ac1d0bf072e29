-- Which object of ours uses which, each by schema, kind and name: from the catalogue where Postgres parsed the use
-- (views, `begin atomic` bodies, keys, defaults, triggers), from the text of a body where it did not (plpgsql).
create or replace view lint.reference as
with thing as (
  select
    'pg_catalog.pg_class'::regclass as class,
    c.oid,
    n.nspname::text as schema,
    case c.relkind when 'v' then 'view' when 'm' then 'view' when 'S' then 'sequence' when 'c' then 'type' else 'table' end as kind,
    c.relname::text as name
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where pg_catalog.pg_get_userbyid(n.nspowner) = 'shokti_owner'
    and c.relkind in ('r', 'p', 'v', 'm', 'S', 'c')
  union all
  select 'pg_catalog.pg_proc'::regclass, r.oid, r.schema, 'function', r.name
  from lint.routine r
),
-- What Postgres records hangs on rules, keys, defaults and triggers: their relation stands for them.
dependency as (
  select
    case d.classid
      when 'pg_catalog.pg_proc'::regclass then d.classid
      else 'pg_catalog.pg_class'::regclass
    end as class,
    case d.classid
      when 'pg_catalog.pg_rewrite'::regclass then (select r.ev_class from pg_catalog.pg_rewrite r where r.oid = d.objid)
      when 'pg_catalog.pg_constraint'::regclass then (select k.conrelid from pg_catalog.pg_constraint k where k.oid = d.objid)
      when 'pg_catalog.pg_attrdef'::regclass then (select a.adrelid from pg_catalog.pg_attrdef a where a.oid = d.objid)
      when 'pg_catalog.pg_trigger'::regclass then (select t.tgrelid from pg_catalog.pg_trigger t where t.oid = d.objid)
      when 'pg_catalog.pg_class'::regclass then
        coalesce((select i.indrelid from pg_catalog.pg_index i where i.indexrelid = d.objid), d.objid)
      else d.objid
    end as oid,
    case d.refclassid
      when 'pg_catalog.pg_type'::regclass then 'pg_catalog.pg_class'::regclass
      else d.refclassid
    end as used_class,
    case d.refclassid
      when 'pg_catalog.pg_type'::regclass then
        (select case when t.typrelid <> 0 then t.typrelid else e.typrelid end
         from pg_catalog.pg_type t
         left join pg_catalog.pg_type e on e.oid = t.typelem
         where t.oid = d.refobjid)
      else d.refobjid
    end as used_oid
  from pg_catalog.pg_depend d
  where d.deptype in ('n', 'a')
    and d.refclassid in ('pg_catalog.pg_class'::regclass, 'pg_catalog.pg_proc'::regclass, 'pg_catalog.pg_type'::regclass)
)
select o.schema, o.kind, o.name, u.schema as used_schema, u.kind as used_kind, u.name as used_name
from dependency d
join thing o on o.class = d.class and o.oid = d.oid
join thing u on u.class = d.used_class and u.oid = d.used_oid
where (o.schema, o.kind, o.name) <> (u.schema, u.kind, u.name)
union
select r.schema, 'function', r.name, u.schema, u.kind, u.name
from lint.routine r
cross join lateral regexp_matches(r.body, '\m([a-z_]+)\.([a-z_0-9]+)', 'g') m (found)
join thing u on u.schema = m.found[1] and u.name = m.found[2]
where not r.has_parsed_body
  and (r.schema, r.name) <> (u.schema, u.name);
