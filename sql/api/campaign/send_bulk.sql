create or replace function api.send_bulk(
  p_actor uuid, p_name text, p_segments text[], p_user_ids uuid[], p_template_id uuid, p_service_id uuid, p_channels text[],
  p_urgent boolean, p_canary_share double precision, p_holdout_share double precision, p_reason text, p_dry_run boolean)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = ''
as $$
declare
  v_admin account.person := account.authenticate_recent_admin(p_actor, clock.now());
begin
  return smartengage.send_bulk(
    p_name, p_segments, p_user_ids, p_template_id, p_service_id, p_channels, p_urgent, p_canary_share, p_holdout_share,
    p_reason, p_dry_run, v_admin.user_id::text, clock.now());
end;
$$;

comment on function api.send_bulk(
  uuid, text, text[], uuid[], uuid, uuid, text[], boolean, double precision, double precision, text, boolean) is
$$Sends an approved text to segments or to a list of customers, by the same gates as any message.
It becomes a campaign of kind announcement, which can be paused, stopped and read back. The worker plans it: run_id is null until then, and GET /admin/campaigns/{campaign_id} shows the run by its trigger_key, GET /admin/ai-messages who gets it. The canary goes first; the rest once its guardrails are good. urgent goes at once, passes over caps, and stands in a report with its reason. dry_run answers with preview, the outcomes and texts, and does nothing; it decides for everybody asked for, so it takes longer the more they are. Needs a sign-in of the last minutes.
Errors: SH401 the session has ended; SH403 another role, or the sign-in is too long ago; SH409 the name is taken; SH422 unknown template, service, segment or customer, an unapproved template, no service where the text needs one, segments that match nobody or everybody.$$;
