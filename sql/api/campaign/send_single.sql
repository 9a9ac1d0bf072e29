create or replace function api.send_single(
  p_actor uuid, p_user_id uuid, p_template_id uuid, p_service_id uuid, p_channel text, p_urgent boolean, p_reason text,
  p_dry_run boolean)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_admin account.person := account.authenticate_recent_admin(p_actor, clock.now());
begin
  return smartengage.send_single(
    p_user_id, p_template_id, p_service_id, p_channel, p_urgent, p_reason, p_dry_run, v_admin.user_id::text, clock.now());
end;
$$;

comment on function api.send_single(uuid, uuid, uuid, uuid, text, boolean, text, boolean) is
$$Sends an approved text to one customer, through the same gates as any message.
With `outcome` refused, `rule` names why. `urgent` ignores caps; a report lists it with its reason. `dry_run` returns the decision
and the text and changes nothing. The same text about the same service is sent once a day. Requires a recent sign-in.
Errors: SH401 the session has ended; SH403 another role, or the sign-in is too old; SH409 the single sends of the day were stopped;
SH422 unknown customer, template or service, a template that is not approved, or no service where the text needs one.$$;
