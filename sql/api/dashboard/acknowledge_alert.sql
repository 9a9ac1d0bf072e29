create or replace function api.acknowledge_alert(p_actor uuid, p_alert_id uuid, p_outcome text)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_admin account.person := account.authenticate(p_actor, 'admin', clock.now());
  v_alert policy.alert;
begin
  select a.* into v_alert from policy.alert a where a.alert_id = p_alert_id for update;
  if not found then
    raise exception 'There is no such alert' using errcode = 'SH404', detail = p_alert_id::text;
  end if;
  if v_alert.acknowledged_at is null then
    update policy.alert a
    set acknowledged_at = clock.now(), acknowledged_by = v_admin.user_id, outcome = p_outcome
    where a.alert_id = p_alert_id
    returning a.* into v_alert;
    insert into policy.audit (happened_at, actor, action, subject, detail)
    values (clock.now(), v_admin.user_id::text, 'acknowledge_alert', 'alert ' || p_alert_id,
            jsonb_build_object('kind', v_alert.kind, 'about', v_alert.subject, 'reason', p_outcome));
  end if;
  return to_jsonb(v_alert) - '{judged,judged_by}'::text[];
end;
$$;

comment on function api.acknowledge_alert(uuid, uuid, text) is
$$Acknowledges an alert, with what was found or done.
If the cause persists afterwards, a new alert is raised. Repeatable: the first acknowledgement is kept.
Errors: SH401 the session has ended; SH403 another role; SH404 no such alert.$$;
