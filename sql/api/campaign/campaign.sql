create or replace function api.campaign(p_actor uuid, p_campaign_id uuid)
returns jsonb
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform account.authenticate(p_actor, 'admin', clock.now());
  return smartengage.campaign_detail(p_campaign_id, clock.now());
end;
$$;

comment on function api.campaign(uuid, uuid) is
$$A campaign with its guardrails and its last ten runs.
Every run accounts for each candidate and message: candidates = messages + ghosts + refused, and messages = the sum of their states.
Errors: SH401 the session has ended; SH403 another role; SH404 no such campaign.$$;
