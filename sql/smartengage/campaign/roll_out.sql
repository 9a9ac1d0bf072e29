create or replace function smartengage.roll_out(p_campaign_id uuid, p_actor text, p_reason text, p_at timestamptz)
returns void
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_campaign smartengage.campaign;
begin
  select c.* into v_campaign
  from smartengage.campaign c
  where c.campaign_id = p_campaign_id
  for no key update;
  if not found then
    raise exception 'There is no such campaign' using errcode = 'SH404', detail = p_campaign_id::text;
  end if;
  if v_campaign.status not in ('running', 'paused', 'scheduled', 'draft') then
    raise exception 'The campaign is over' using errcode = 'SH409', detail = v_campaign.status;
  end if;
  if v_campaign.widened_at is not null or v_campaign.canary_share >= 1 then
    return;
  end if;
  update smartengage.campaign c
  set widened_at = p_at, version = c.version + 1, changed_by = p_actor, changed_reason = p_reason
  where c.campaign_id = p_campaign_id;
  if v_campaign.status = 'running' then
    perform smartengage.enqueue_plan(p_campaign_id, 'widened', null);
  end if;
end;
$$;

comment on function smartengage.roll_out(uuid, text, text, timestamptz) is
$$Opens a campaign from its canary share to everybody, and enqueues a run for those who were left out. Idempotent.
Errors: SH404 no such campaign, SH409 it is over.$$;
