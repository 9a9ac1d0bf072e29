-- The application roles hold what db/grants.sql grants: execute in their own schema, and no privileges on other relations.
create or replace view lint.wrong_grant as
with held as (
  select 'function ' || r.signature as object, r.schema, g.grantee, a.privilege_type
  from lint.routine r
  cross join lateral pg_catalog.aclexplode(r.acl) a
  cross join lateral (select a.grantee::regrole::text as grantee) g
  union all
  select 'relation ' || c.oid::regclass, n.nspname, a.grantee::regrole::text, a.privilege_type
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace and pg_catalog.pg_get_userbyid(n.nspowner) = 'shokti_owner'
  cross join lateral pg_catalog.aclexplode(c.relacl) a
  where a.grantee <> 0
)
select 'wrong_grant' as rule, h.object, h.grantee || ' holds ' || lower(h.privilege_type) as detail
from held h
where (h.grantee = 'shokti_app' and h.schema <> 'api')
   or (h.grantee = 'shokti_worker' and h.schema not in ('jobs', 'queue'))
   or (h.grantee = 'shokti_analyst' and h.object like 'relation %' and (h.schema <> 'analytics' or h.privilege_type <> 'SELECT'))
union all
select 'wrong_grant', 'function ' || r.signature, 'cannot be executed by ' || e.role
from lint.routine r
join (values ('api', 'shokti_app'), ('jobs', 'shokti_worker')) e (schema, role) on e.schema = r.schema
where not pg_catalog.has_function_privilege(e.role, r.oid, 'execute')
union all
select 'wrong_grant', 'database ' || d.datname, 'lets everybody create temporary objects'
from pg_catalog.pg_database d
cross join lateral pg_catalog.aclexplode(coalesce(d.datacl, pg_catalog.acldefault('d', d.datdba))) a
where d.datname = pg_catalog.current_database()
  and a.grantee = 0
  and a.privilege_type = 'TEMPORARY';
