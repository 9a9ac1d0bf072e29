create or replace function api.change_policy(
  p_actor uuid, p_rule text, p_if_match text, p_value jsonb, p_reason text, p_effective_from timestamptz default null)
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
  -- A new cap has no ETag.
  if v_known is not null or p_if_match is not null then
    perform edge.check_if_match(p_if_match, coalesce(v_known, 'null'));
  end if;
  perform policy.request_change(p_rule, p_value, v_admin.user_id::text, p_reason, p_effective_from, clock.now());
  return policy.setting_document(p_rule, clock.now());
end;
$$;

comment on function api.change_policy(uuid, text, text, jsonb, text, timestamptz) is
$$Changes a rule or frequency cap from an instant on; an unknown name with the value of a cap creates a cap.
A change that tightens is set at once. One that protects people less waits as a proposal until another admin approves it. A new
version replaces versions that were scheduled for later. null as value ends a cap; `max_messages` 0 = never, null = no limit.
Requires a recent sign-in, and the ETag of GET /admin/policy/{rule} as If-Match; a new cap has none.
Errors: SH401 the session has ended; SH403 another role, or the sign-in is too old; SH404, SH422 no such rule, or a field that is
not valid; SH409 a proposal is already pending; SH412 it was changed meanwhile; SH428 If-Match is missing.$$;
