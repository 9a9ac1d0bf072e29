create or replace function api.change_segments(
  p_actor uuid, p_if_match text, p_definitions jsonb, p_reason text, p_preview boolean default false)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_admin account.person := account.authenticate_recent_admin(p_actor, clock.now());
  v_forecast jsonb;
  v_version int;
begin
  perform policy.lock_changes();
  perform edge.check_if_match(p_if_match, smartengage.segments_document(clock.now()));
  select jsonb_agg(to_jsonb(f)) into v_forecast from smartengage.segment_forecast(p_definitions) f;
  perform smartengage.check_segment_definitions(p_definitions, v_forecast, clock.now());
  if not p_preview then
    v_version := smartengage.change_segments(p_definitions, v_admin.user_id::text, p_reason, clock.now());
  end if;
  return jsonb_build_object('version', v_version, 'customers', v_forecast);
end;
$$;

comment on function api.change_segments(uuid, text, jsonb, text, boolean) is
$$Replaces the definitions of the segments, or only previews the effect (`preview`).
Definitions are tried in their order; the first whose conditions all hold names the customer's segment, from the next refresh on.
The answer has the number of customers in each segment, now and with these definitions. Requires a recent sign-in, and the ETag of
GET /admin/segments as If-Match.
Errors: SH401 the session has ended; SH403 another role, or the sign-in is too old; SH409 later definitions are already set;
SH412 they were changed meanwhile; SH422 a segment would hold nobody or everybody; SH428 If-Match is missing.$$;
