create or replace function api.export_me(p_actor uuid)
returns jsonb
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_person account.person := account.authenticate(p_actor, null, clock.now());
begin
  return jsonb_build_object('exported_at', clock.now())
    || account.personal_data(v_person.user_id)
    || market.personal_data(v_person.user_id)
    || outreach.personal_data(v_person.user_id)
    || smartengage.personal_data(v_person.user_id);
end;
$$;

comment on function api.export_me(uuid) is
$$All data that is kept about the caller, as one document.
Errors: SH401 the session has ended; SH403 another role.$$;
