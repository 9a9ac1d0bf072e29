create or replace function api.create_campaign(
  p_actor uuid, p_name text, p_segments text[], p_channels text[], p_holdout_share double precision,
  p_canary_share double precision, p_window_from text, p_window_until text, p_repeats boolean, p_starts_at timestamptz,
  p_ends_at timestamptz, p_reason text)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_admin account.person := account.authenticate_recent_admin(p_actor, clock.now());
  v_campaign_id uuid;
begin
  v_campaign_id := smartengage.create_campaign(
    p_name, p_segments, p_channels, p_holdout_share, p_canary_share, p_window_from::time, p_window_until::time,
    p_repeats, p_starts_at, p_ends_at, v_admin.user_id::text, p_reason, clock.now());
  return (select d.document from smartengage.campaign_document d where d.campaign_id = v_campaign_id);
end;
$$;

comment on function api.create_campaign(
  uuid, text, text[], text[], double precision, double precision, text, text, boolean, timestamptz, timestamptz, text) is
$$Creates a campaign of reminders.
It is a draft, run by POST /admin/campaigns/run; with `starts_at` it is scheduled. Requires a recent sign-in.
Errors: SH401 the session has ended; SH403 another role, or the sign-in is too old; SH409 the name is taken;
SH422 segments that match nobody or everybody, or a window or a period that ends before it begins.$$;
