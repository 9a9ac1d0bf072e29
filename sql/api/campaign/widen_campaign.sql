create or replace function api.widen_campaign(p_actor uuid, p_campaign_id uuid, p_reason text)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_admin account.person := account.authenticate_recent_admin(p_actor, clock.now());
begin
  perform smartengage.roll_out(p_campaign_id, v_admin.user_id::text, p_reason, clock.now());
  return smartengage.campaign_detail(p_campaign_id, clock.now());
end;
$$;

comment on function api.widen_campaign(uuid, uuid, text) is
$$Rolls a campaign out from its canary to everybody, without waiting for the guardrails.
For campaigns that are too small for the guardrails to decide. Repeatable. Requires a recent sign-in.
Errors: SH401 the session has ended; SH403 another role, or the sign-in is too old; SH404 no such campaign; SH409 it is over.$$;
