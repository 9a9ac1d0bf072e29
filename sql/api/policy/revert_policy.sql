create or replace function api.revert_policy(
  p_actor uuid, p_rule text, p_if_match text, p_reason text, p_version int default null, p_effective_from timestamptz default null)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_admin account.person := account.authenticate_recent_admin(p_actor, clock.now());
  v_known jsonb;
begin
  perform policy.lock_changes();
  v_known := policy.setting_document(p_rule, clock.now());
  if v_known is null then
    raise exception 'There is no such rule' using errcode = 'SH404', detail = p_rule, hint = 'GET /admin/policy lists them.';
  end if;
  perform edge.check_if_match(p_if_match, v_known);
  perform policy.request_change(
    p_rule, policy.earlier_value(p_rule, p_version, clock.now()), v_admin.user_id::text, p_reason, p_effective_from, clock.now());
  return policy.setting_document(p_rule, clock.now());
end;
$$;

comment on function api.revert_policy(uuid, text, text, text, int, timestamptz) is
$$Sets a rule or frequency cap to the value of an earlier version, by default the one before that in force.
Creates a new version; one that protects people less waits for another admin. Requires a recent sign-in, and the ETag of
GET /admin/policy/{rule} as If-Match.
Errors: SH401 the session has ended; SH403 another role, or the sign-in is too old; SH404 no such rule; SH409 a proposal is already
pending; SH412 it was changed meanwhile; SH422 no such version, or a field that is not valid; SH428 If-Match is missing.$$;
