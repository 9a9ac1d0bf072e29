create or replace function api.resume_campaign(p_actor uuid, p_campaign_id uuid, p_reason text)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = ''
as $$
declare
  v_admin account.person := account.authenticate_recent_admin(p_actor, clock.now());
begin
  perform smartengage.set_campaign_status(p_campaign_id, 'running', v_admin.user_id::text, p_reason);
  return smartengage.campaign_detail(p_campaign_id, clock.now());
end;
$$;

comment on function api.resume_campaign(uuid, uuid, text) is
$$Lets a paused campaign go on, a failed one after it was mended, or a draft begin with the next daily planning.
Repeatable. Needs a sign-in of the last minutes.
Errors: SH401 the session has ended; SH403 another role, or the sign-in is too long ago; SH404 no such campaign; SH409 it was stopped or is completed.$$;
