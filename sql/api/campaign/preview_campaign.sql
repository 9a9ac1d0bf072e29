create or replace function api.preview_campaign(
  p_actor uuid, p_campaign_id uuid, p_rules jsonb, p_segments text[], p_holdout_share double precision,
  p_window_from text, p_window_until text)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_admin account.person := account.authenticate(p_actor, 'admin', clock.now());
  v_preview_id uuid;
begin
  v_preview_id := smartengage.request_preview(
    p_campaign_id, p_rules, p_segments, p_holdout_share, p_window_from::time, p_window_until::time,
    v_admin.user_id::text, clock.now());
  return smartengage.preview_document(p_campaign_id, v_preview_id, clock.now());
end;
$$;

comment on function api.preview_campaign(uuid, uuid, jsonb, text[], double precision, text, text) is
$$What planning a reminder campaign now would decide, also under other values.
With an empty body it is the dry run of the campaign; rules, segments, holdout and window can be replaced, by looser values too.
The worker computes it: status is queued until then, and GET /admin/campaigns/{campaign_id}/preview/{preview_id} shows the result
for a day. Nothing is planned or sent. It reads the predictions of the last refresh.
Errors: SH401 the session has ended; SH403 another role; SH404 no such campaign; SH409 an announcement, which has a dry run of
its own; SH422 a rule that planning does not read, or an impossible value, with the field.$$;
