create or replace function api.send_bulk(
  p_actor uuid, p_name text, p_segments text[], p_user_ids uuid[], p_template_id uuid, p_service_id uuid, p_channels text[],
  p_urgent boolean, p_canary_share double precision, p_holdout_share double precision, p_reason text, p_dry_run boolean)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
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
$$Sends an approved text to segments or to a list of customers, through the same gates as any message.
It becomes a campaign of kind announcement, which can be paused and stopped. The worker process plans it: `run_id` is null until
then, GET /admin/campaigns/{campaign_id} lists the run by its `trigger_key`, and GET /admin/ai-messages lists its messages. The
canary is sent first, the rest once the guardrails are good. `urgent` sends at once and ignores caps; a report lists it with its
reason. `dry_run` returns the outcomes and sample texts as `preview` and changes nothing; it takes longer the more customers are
asked for. Requires a recent sign-in.
Errors: SH401 the session has ended; SH403 another role, or the sign-in is too old; SH409 the name is taken;
SH422 unknown template, service, segment or customer, a template that is not approved, no service where the text needs one, or
segments that match nobody or everybody.$$;
