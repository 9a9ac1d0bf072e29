-- Uses of objects of other schemas: from pg_depend where Postgres parsed the use (views, begin atomic bodies, foreign keys,
-- defaults, triggers), from the text of the body elsewhere (plpgsql).
create or replace view lint.schema_dependency as
with dependency as (
  select distinct d.classid, d.objid, d.refclassid, d.refobjid
  from pg_catalog.pg_depend d
  where d.deptype in ('n', 'a')
    and d.refclassid in ('pg_catalog.pg_class'::regclass, 'pg_catalog.pg_proc'::regclass, 'pg_catalog.pg_type'::regclass)
),
parsed as (
  select
    case d.classid
      when 'pg_catalog.pg_rewrite'::regclass then
        (select c.relnamespace from pg_catalog.pg_rewrite r join pg_catalog.pg_class c on c.oid = r.ev_class where r.oid = d.objid)
      when 'pg_catalog.pg_proc'::regclass then (select p.pronamespace from pg_catalog.pg_proc p where p.oid = d.objid)
      when 'pg_catalog.pg_class'::regclass then (select c.relnamespace from pg_catalog.pg_class c where c.oid = d.objid)
      when 'pg_catalog.pg_constraint'::regclass then (select k.connamespace from pg_catalog.pg_constraint k where k.oid = d.objid)
      when 'pg_catalog.pg_attrdef'::regclass then
        (select c.relnamespace from pg_catalog.pg_attrdef a join pg_catalog.pg_class c on c.oid = a.adrelid where a.oid = d.objid)
      when 'pg_catalog.pg_trigger'::regclass then
        (select c.relnamespace from pg_catalog.pg_trigger t join pg_catalog.pg_class c on c.oid = t.tgrelid where t.oid = d.objid)
    end as schema,
    pg_catalog.pg_describe_object(d.classid, d.objid, 0) as object,
    case d.refclassid
      when 'pg_catalog.pg_class'::regclass then (select c.relnamespace from pg_catalog.pg_class c where c.oid = d.refobjid)
      when 'pg_catalog.pg_proc'::regclass then (select p.pronamespace from pg_catalog.pg_proc p where p.oid = d.refobjid)
      when 'pg_catalog.pg_type'::regclass then (select t.typnamespace from pg_catalog.pg_type t where t.oid = d.refobjid)
    end as used_schema,
    pg_catalog.pg_describe_object(d.refclassid, d.refobjid, 0) as used_object
  from dependency d
  where d.classid in (
    'pg_catalog.pg_rewrite'::regclass, 'pg_catalog.pg_proc'::regclass, 'pg_catalog.pg_class'::regclass,
    'pg_catalog.pg_constraint'::regclass, 'pg_catalog.pg_attrdef'::regclass, 'pg_catalog.pg_trigger'::regclass
  )
)
select o.nspname::text as schema, p.object, u.nspname::text as used_schema, p.used_object
from parsed p
join pg_catalog.pg_namespace o on o.oid = p.schema and pg_catalog.pg_get_userbyid(o.nspowner) = 'shokti_owner'
join pg_catalog.pg_namespace u on u.oid = p.used_schema and pg_catalog.pg_get_userbyid(u.nspowner) = 'shokti_owner'
where o.oid <> u.oid
union
select r.schema, 'function ' || r.signature, l.schema, m.found[1] || '.' || m.found[2]
from lint.routine r
cross join lint.layer l
cross join lateral regexp_matches(r.body, '\m(' || l.schema || ')\.([a-z_0-9]+)', 'g') m (found)
where not r.has_parsed_body
  and r.schema <> l.schema
  -- An alias with the name of a schema is not the schema.
  and r.body !~ ('\m(from|join|lateral) [a-z_.]+ (as )?' || l.schema || '\M');
