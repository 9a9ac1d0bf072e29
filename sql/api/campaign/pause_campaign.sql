create or replace function api.pause_campaign(p_actor uuid, p_campaign_id uuid, p_reason text)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_admin account.person := account.authenticate(p_actor, 'admin', clock.now());
begin
  perform smartengage.set_campaign_status(p_campaign_id, 'paused', v_admin.user_id::text, p_reason);
  return smartengage.campaign_detail(p_campaign_id, clock.now());
end;
$$;

comment on function api.pause_campaign(uuid, uuid, text) is
$$Pauses a running campaign.
Its messages wait from the next claim on; those that are no longer useful when it is resumed expire. Repeatable.
Errors: SH401 the session has ended; SH403 another role; SH404 no such campaign; SH409 it is not running.$$;
