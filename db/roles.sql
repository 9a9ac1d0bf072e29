-- Who may do what. Re-runnable; needs CREATEROLE, not superuser. None of these roles logs in by itself: a log-in is
-- granted the one it needs (`grant shokti_app to the_login with inherit false, set true`). What each may touch is in
-- db/grants.sql, as it depends on the objects.

do $$
declare
  v_role text;
begin
  foreach v_role in array array['shokti_owner', 'shokti_app', 'shokti_worker', 'shokti_analyst', 'shokti_dba'] loop
    if not exists (select from pg_catalog.pg_roles where rolname = v_role) then
      execute format('create role %I nologin', v_role);
    end if;
    -- Whoever migrates acts as the owner, and may take on each of the others to try things as they see them.
    if not pg_catalog.pg_has_role(current_user, v_role, 'set') then
      execute format('grant %I to current_user with set true, inherit %s',
                     v_role, case when v_role = 'shokti_owner' then 'true' else 'false' end);
    end if;
  end loop;

  -- Membership without a warning when it is there already.
  if not exists (select from pg_catalog.pg_auth_members
                 where roleid = 'shokti_owner'::regrole and member = 'shokti_dba'::regrole) then
    grant shokti_owner to shokti_dba;
  end if;
  -- Seeing other sessions' statements can only be given on by one who has it to give.
  if pg_catalog.pg_has_role(current_user, 'pg_monitor', 'usage with admin option')
     and not pg_catalog.pg_has_role('shokti_dba', 'pg_monitor', 'member') then
    grant pg_monitor to shokti_dba;
  end if;
end;
$$;

comment on role shokti_owner is 'Owns every object of Shokti; migrations and sql/ are applied as this role.';
comment on role shokti_app is 'The HTTP edge: may execute the functions of schema api, nothing else.';
comment on role shokti_worker is 'The worker: may execute the functions of schema jobs, and what pgqueuer needs in schema queue.';
comment on role shokti_analyst is 'Reads the views of schema analytics, nothing else.';
comment on role shokti_dba is 'Reads and tunes everything: acts for shokti_owner and sees all sessions.';

-- These hold when the role itself logs in; db/connection.py sets the same for one who takes the role on.
alter role shokti_analyst set default_transaction_read_only = on;
alter role shokti_analyst set statement_timeout = '60s';

do $$
begin
  execute format('grant create, temporary, connect on database %I to shokti_owner', current_database());
end;
$$;
-- btree_gist and other trusted extensions go into public; nothing else does (sql/lint checks it).
grant usage, create on schema public to shokti_owner;
