create or replace function api.me(p_actor uuid)
returns jsonb
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_person account.person := account.authenticate(p_actor, null, clock.now());
begin
  return account.profile(v_person.user_id);
end;
$$;

comment on function api.me(uuid) is
$$The caller's profile, with contacts and preferences.
Errors: SH401 the session has ended; SH403 another role.$$;
