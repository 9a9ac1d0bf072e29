-- The functions and procedures of the product, without those of extensions and of pgqueuer.
create or replace view lint.routine as
select
  p.oid,
  n.nspname::text as schema,
  p.proname::text as name,
  p.oid::regprocedure::text as signature,
  l.lanname::text as language,
  p.prosecdef as is_definer,
  p.prosqlbody is not null as has_parsed_body,
  p.prorettype = 'trigger'::regtype as is_trigger,
  coalesce(p.proconfig, '{}') as settings,
  p.proacl as acl,
  p.proowner as owner,
  -- Without comments and string literals, so that neither is taken for code.
  regexp_replace(coalesce(p.prosrc, ''), '''(?:[^'']|'''')*''|--[^\n]*|/\*(?:[^*]|\*+[^*/])*\*+/', ' ', 'g') as body
from pg_catalog.pg_proc p
join pg_catalog.pg_namespace n on n.oid = p.pronamespace
join pg_catalog.pg_language l on l.oid = p.prolang
where pg_catalog.pg_get_userbyid(n.nspowner) = 'shokti_owner'
  and n.nspname <> 'deploy'
  and p.proname not like '%pgqueuer%'
  and not exists (
    select from pg_catalog.pg_depend d
    where d.classid = 'pg_catalog.pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
  );
