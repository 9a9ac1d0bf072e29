-- The privileges of each role on all objects, granted after every change of objects, so that no grant is forgotten.
-- Run as shokti_owner. Idempotent.

-- New functions are not executable by PUBLIC; existing ones are revoked below.
alter default privileges for role shokti_owner revoke execute on functions from public;

do $$
declare
  v_schema text;
  v_function regprocedure;
begin
  for v_schema in
    select n.nspname
    from pg_catalog.pg_namespace n
    where n.nspowner = 'shokti_owner'::regrole
  loop
    -- From our own roles too, so that grants of earlier releases end.
    execute format('revoke all on schema %I from public, shokti_app, shokti_worker, shokti_analyst', v_schema);
    execute format('revoke all on all routines in schema %I from public, shokti_app, shokti_worker, shokti_analyst', v_schema);
    execute format('revoke all on all tables in schema %I from public, shokti_app, shokti_worker, shokti_analyst', v_schema);
    execute format('revoke all on all sequences in schema %I from public, shokti_app, shokti_worker, shokti_analyst', v_schema);
  end loop;

  grant usage on schema api to shokti_app;
  grant execute on all routines in schema api to shokti_app;

  grant usage on schema jobs, queue to shokti_worker;
  grant execute on all routines in schema jobs, queue to shokti_worker;
  grant select, insert, update, delete on all tables in schema queue to shokti_worker;
  grant usage, select on all sequences in schema queue to shokti_worker;

  grant usage on schema analytics to shokti_analyst;
  grant select on all tables in schema analytics to shokti_analyst;

  -- A view reads tables as its owner but calls functions as the reader, so the analyst may execute the functions under
  -- analytics, and only those. They cannot be called by name, as the analyst has no usage of their schemas.
  for v_function in
    with recursive used (classid, objid) as (
      select 'pg_catalog.pg_class'::regclass, c.oid
      from pg_catalog.pg_class c
      where c.relnamespace = 'analytics'::regnamespace
      union
      select d.refclassid, d.refobjid
      from used u
      join pg_catalog.pg_depend d
        on (d.classid, d.objid) = (u.classid, u.objid)
        or (u.classid = 'pg_catalog.pg_class'::regclass
            and d.classid = 'pg_catalog.pg_rewrite'::regclass
            and d.objid in (select r.oid from pg_catalog.pg_rewrite r where r.ev_class = u.objid))
      where d.refclassid in ('pg_catalog.pg_class'::regclass, 'pg_catalog.pg_proc'::regclass)
    )
    select p.oid
    from used u
    join pg_catalog.pg_proc p on u.classid = 'pg_catalog.pg_proc'::regclass and p.oid = u.objid
    where p.proowner = 'shokti_owner'::regrole
  loop
    execute format('grant execute on function %s to shokti_analyst', v_function);
  end loop;
end;
$$;
