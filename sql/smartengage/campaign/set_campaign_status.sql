create or replace function smartengage.set_campaign_status(p_campaign_id uuid, p_status text, p_actor text, p_reason text)
returns text
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_status text;
begin
  select c.status into v_status
  from smartengage.campaign c
  where c.campaign_id = p_campaign_id
  for no key update;
  if not found then
    raise exception 'There is no such campaign' using errcode = 'SH404', detail = p_campaign_id::text;
  end if;
  update smartengage.campaign c
  set status = p_status, version = c.version + 1, changed_by = p_actor, changed_reason = p_reason
  where c.campaign_id = p_campaign_id
    and c.status <> p_status;
  return v_status;
end;
$$;

comment on function smartengage.set_campaign_status(uuid, text, text, text) is
$$Changes the status of a campaign, with actor and reason. Idempotent: a campaign that has the status is unchanged.
Result: the status before. Errors: SH404 no such campaign, SH409 no such transition (trigger campaign_moves_forward).$$;
