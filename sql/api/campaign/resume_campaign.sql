create or replace function api.resume_campaign(p_actor uuid, p_campaign_id uuid, p_reason text)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_admin account.person := account.authenticate_recent_admin(p_actor, clock.now());
begin
  perform smartengage.set_campaign_status(p_campaign_id, 'running', v_admin.user_id::text, p_reason);
  return smartengage.campaign_detail(p_campaign_id, clock.now());
end;
$$;

comment on function api.resume_campaign(uuid, uuid, text) is
$$Resumes a paused or failed campaign, or starts a draft.
A draft is first planned with the next daily planning. Repeatable. Requires a recent sign-in.
Errors: SH401 the session has ended; SH403 another role, or the sign-in is too old; SH404 no such campaign;
SH409 it is stopped or completed.$$;
