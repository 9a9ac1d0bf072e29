-- The roles. Idempotent; needs CREATEROLE, no superuser. None of these roles logs in: a log-in is granted the one that it
-- needs (`grant shokti_app to the_login with inherit false, set true`). Privileges are in db/grants.sql, as they depend
-- on the objects.

do $$
declare
  v_role text;
begin
  foreach v_role in array array['shokti_owner', 'shokti_app', 'shokti_worker', 'shokti_analyst', 'shokti_dba'] loop
    if not exists (select from pg_catalog.pg_roles where rolname = v_role) then
      execute format('create role %I nologin', v_role);
    end if;
    -- The log-in that migrates acts as the owner, and may take on each other role for tests of its privileges.
    if not pg_catalog.pg_has_role(current_user, v_role, 'set') then
      execute format('grant %I to current_user with set true, inherit %s',
                     v_role, case when v_role = 'shokti_owner' then 'true' else 'false' end);
    end if;
  end loop;

  -- Granting it again would raise a notice.
  if not exists (select from pg_catalog.pg_auth_members
                 where roleid = 'shokti_owner'::regrole and member = 'shokti_dba'::regrole) then
    grant shokti_owner to shokti_dba;
  end if;
  -- pg_monitor can be granted only by a role that has it with admin option.
  if pg_catalog.pg_has_role(current_user, 'pg_monitor', 'usage with admin option')
     and not pg_catalog.pg_has_role('shokti_dba', 'pg_monitor', 'member') then
    grant pg_monitor to shokti_dba;
  end if;
end;
$$;

comment on role shokti_owner is 'Owns every object of Shokti; migrations and sql/ are applied as this role.';
comment on role shokti_app is 'The HTTP edge: executes the functions of schema api, nothing else.';
comment on role shokti_worker is
  'The worker processes: execute the functions of schema jobs, and use the tables of pgqueuer in schema queue.';
comment on role shokti_analyst is 'Reads the views of schema analytics, nothing else.';
comment on role shokti_dba is 'Administration: acts as shokti_owner and sees all sessions.';

-- These apply at log-in only; db/connection.py sets the same for a session that takes on the role.
alter role shokti_analyst set default_transaction_read_only = on;
alter role shokti_analyst set statement_timeout = '60s';

do $$
begin
  execute format('grant create, temporary, connect on database %I to shokti_owner', current_database());
  -- A temporary type could take the place of one that a function of ours names.
  execute format('revoke temporary on database %I from public', current_database());
end;
$$;
-- Trusted extensions such as btree_gist go into public, and nothing else (sql/lint checks it).
grant usage, create on schema public to shokti_owner;
