create or replace function api.flag_campaign(p_actor uuid, p_campaign_id uuid, p_enabled boolean, p_reason text)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_admin account.person := account.authenticate_recent_admin(p_actor, clock.now());
begin
  update smartengage.campaign c
  set enabled = p_enabled, version = c.version + 1, changed_by = v_admin.user_id::text, changed_reason = p_reason
  where c.campaign_id = p_campaign_id
    and c.enabled <> p_enabled;
  return smartengage.campaign_detail(p_campaign_id, clock.now());
end;
$$;

comment on function api.flag_campaign(uuid, uuid, boolean, text) is
$$Turns the feature flag of a campaign on or off.
Off: every candidate is refused (flag_off) and waiting messages are held, whatever the status. Repeatable.
Requires a recent sign-in.
Errors: SH401 the session has ended; SH403 another role, or the sign-in is too old; SH404 no such campaign.$$;
