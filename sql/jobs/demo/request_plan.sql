create or replace function jobs.request_plan(p_campaign text, p_trigger_key text)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_campaign_id uuid;
begin
  select c.campaign_id into v_campaign_id
  from smartengage.campaign c
  where c.name = p_campaign;
  if not found then
    raise exception 'There is no campaign with this name' using errcode = 'SH404', detail = p_campaign;
  end if;
  return jsonb_build_object(
    'campaign_id', v_campaign_id,
    'job_id', smartengage.enqueue_plan(v_campaign_id, p_trigger_key, null));
end;
$$;

comment on function jobs.request_plan(text, text) is
$$Enqueues a run of the campaign with this name.
Result: {campaign_id, job_id}; job_id null if the same request is waiting already. A trigger key plans once.
Errors: SH404 no such campaign.$$;
