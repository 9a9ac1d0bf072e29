create or replace function api.export_me(p_actor uuid)
returns jsonb
language plpgsql stable parallel safe
security definer
set search_path = ''
as $$
declare
  v_person account.person := account.actor(p_actor, null, clock.now());
begin
  return jsonb_build_object('exported_at', clock.now())
    || account.export(v_person.user_id)
    || market.export(v_person.user_id)
    || outreach.export(v_person.user_id)
    || smartengage.export(v_person.user_id);
end;
$$;

comment on function api.export_me(uuid) is
$$Everything that is kept of the caller, as one document.
Errors: SH401 the session has ended; SH403 another role.$$;
