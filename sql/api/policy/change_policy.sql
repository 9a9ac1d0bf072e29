create or replace function api.change_policy(
  p_actor uuid, p_rule text, p_if_match text, p_value jsonb, p_reason text, p_effective_from timestamptz default null)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = ''
as $$
declare
  v_admin account.person := account.authenticate_recent_admin(p_actor, clock.now());
  v_known jsonb;
begin
  perform policy.lock_changes();
  v_known := policy.setting_document(p_rule, clock.now());
  -- What is not there yet cannot be known by a version.
  if v_known is not null or p_if_match is not null then
    perform edge.check_if_match(p_if_match, coalesce(v_known, 'null'));
  end if;
  perform policy.request_change(p_rule, p_value, v_admin.user_id::text, p_reason, p_effective_from, clock.now());
  return policy.setting_document(p_rule, clock.now());
end;
$$;

comment on function api.change_policy(uuid, text, text, jsonb, text, timestamptz) is
$$Changes a rule or frequency cap from an instant on; an unknown name with a cap's value makes a new cap.
What tightens is set at once. What protects people less waits as a proposal until another admin approves it. The last word holds: what was set for later is taken back. null as value ends a cap; max_messages 0 = never, null = no limit. Needs the ETag of what is changed as If-Match; a new cap has none.
Errors: SH401 the session has ended; SH403 another role, or sign in again; SH404, SH422 there is no such rule, or a field that cannot be; SH409 a proposal is waiting already; SH412 it was changed meanwhile; SH428 If-Match is missing.$$;
