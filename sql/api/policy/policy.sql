create or replace function api.policy(p_actor uuid, p_rule text)
returns jsonb
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_document jsonb;
begin
  perform account.authenticate(p_actor, 'admin', clock.now());
  v_document := policy.setting_document(p_rule, clock.now());
  if v_document is null then
    raise exception 'There is no such rule' using errcode = 'SH404', detail = p_rule, hint = 'GET /admin/policy lists them.';
  end if;
  return v_document;
end;
$$;

comment on function api.policy(uuid, text) is
$$A rule or frequency cap: value in force, allowed values, every version with author and reason, and proposals.
Errors: SH401 the session has ended; SH403 another role; SH404 no such rule.$$;
