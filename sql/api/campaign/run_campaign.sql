create or replace function api.run_campaign(p_actor uuid, p_campaign_id uuid, p_segment text, p_trigger_key text, p_reason text)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_admin account.person := account.authenticate_recent_admin(p_actor, clock.now());
begin
  return smartengage.request_run(p_campaign_id, p_segment, p_trigger_key, v_admin.user_id::text, p_reason, clock.now());
end;
$$;

comment on function api.run_campaign(uuid, uuid, text, text, text) is
$$Requests a run of a campaign now.
Starts a draft. The worker process plans the run: `run_id` is null until then, and GET /admin/campaigns/{campaign_id} lists the run
by its `trigger_key`. A trigger key plans once; without one, a segment is planned once a day. Requires a recent sign-in.
Errors: SH401 the session has ended; SH403 another role, or the sign-in is too old; SH404 no such campaign;
SH409 it is over, paused, or an announcement; SH422 the campaign does not write to the segment.$$;
