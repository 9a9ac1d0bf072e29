create or replace function api.consents(p_actor uuid)
returns jsonb
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_person account.person := account.authenticate(p_actor, null, clock.now());
begin
  return jsonb_build_object('items', account.consents(v_person.user_id, clock.now()));
end;
$$;

comment on function api.consents(uuid) is
$$The consents that the caller can give, and which are given.
None is given by default. Codes and receipts need no consent and are not listed.
Errors: SH401 the session has ended; SH403 another role.$$;
