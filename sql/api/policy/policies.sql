create or replace function api.policies(p_actor uuid)
returns jsonb
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform account.authenticate(p_actor, 'admin', clock.now());
  return policy.setting_documents(clock.now());
end;
$$;

comment on function api.policies(uuid) is
$$Every rule and frequency cap with the value in force.
Caps come first; `proposal_id` is set where a proposal waits for a second admin.
Errors: SH401 the session has ended; SH403 another role.$$;
