create or replace function api.stop_campaign(p_actor uuid, p_campaign_id uuid, p_run_id uuid, p_reason text)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_admin account.person := account.authenticate(p_actor, 'admin', clock.now());
  v_sent int;
  v_in_hand int;
begin
  select
    count(*) filter (where b.state not in ('claimed', 'in_doubt')),
    count(*) filter (where b.state in ('claimed', 'in_doubt'))
  into v_sent, v_in_hand
  from smartengage.roll_back(p_campaign_id, p_run_id, v_admin.user_id::text, p_reason, clock.now()) b;
  return smartengage.campaign_detail(p_campaign_id, clock.now()) || jsonb_build_object(
    'stopped', jsonb_build_object('run_id', p_run_id, 'went', v_sent, 'in_hand', v_in_hand, 'refused', (
      select count(*)
      from outreach.message m
      join smartengage.run r on r.run_id = m.run_id
      where r.campaign_id = p_campaign_id
        and r.run_id = coalesce(p_run_id, r.run_id)
        and m.state = 'refused'
        and m.reason = 'campaign_stopped')));
end;
$$;

comment on function api.stop_campaign(uuid, uuid, uuid, text) is
$$Stops a campaign permanently, or one of its runs.
Messages that were not sent are refused at once; those being sent now are not retried. `stopped` counts the messages that were sent
(`went`), that are being sent or in doubt (`in_hand`), and that were refused; GET /admin/ai-messages?campaign_id=… lists them.
Repeatable.
Errors: SH401 the session has ended; SH403 another role; SH404 no such campaign, or it has no such run.$$;
