create or replace function api.campaign_preview(p_actor uuid, p_campaign_id uuid, p_preview_id uuid)
returns jsonb
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform account.authenticate(p_actor, 'admin', clock.now());
  return smartengage.preview_document(p_campaign_id, p_preview_id, clock.now());
end;
$$;

comment on function api.campaign_preview(uuid, uuid, uuid) is
$$A preview of a campaign, as asked for and, once the worker has computed it, its result.
Candidates, messages, ghosts and refusals by reason, in total and by segment: by the values in force (today) and by those that
were given (tried).
Errors: SH401 the session has ended; SH403 another role; SH404 no such preview, or it has expired.$$;
