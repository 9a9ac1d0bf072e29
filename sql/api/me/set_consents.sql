create or replace function api.set_consents(p_actor uuid, p_consents jsonb, p_wording_version text)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_person account.person := account.authenticate(p_actor, null, clock.now());
begin
  perform account.set_consents(v_person.user_id, p_consents, p_wording_version, clock.now());
  return jsonb_build_object('items', account.consents(v_person.user_id, clock.now()));
end;
$$;

comment on function api.set_consents(uuid, jsonb, text) is
$$Gives and withdraws consents.
Consents that are not named stay as they are. Repeatable. A withdrawal applies to the next message, even one that is already
planned.
Errors: SH401 the session has ended; SH403 another role;
SH422 a consent that people of the caller's role are not asked for, or one named twice.$$;
