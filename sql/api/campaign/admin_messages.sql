create or replace function api.admin_messages(
  p_actor uuid, p_campaign_id uuid default null, p_run_id uuid default null, p_user_id uuid default null,
  p_state text default null, p_channel text default null, p_cursor text default null, p_limit int default 20)
returns jsonb
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform account.authenticate(p_actor, 'admin', clock.now());
  return smartengage.campaign_messages(
    p_campaign_id, p_run_id, p_user_id, string_to_array(p_state, ','), p_channel, p_cursor, p_limit);
end;
$$;

comment on function api.admin_messages(uuid, uuid, uuid, uuid, text, text, text, int) is
$$Messages of campaigns, the last planned first.
Filtered by campaign, run, person, `state` (several separated by commas) and channel.
In pages: `next_cursor` leads to the next, null = last page.
Errors: SH401 the session has ended; SH403 another role.$$;
