create or replace function api.what_if_quiet(
  p_actor uuid, p_quiet_period jsonb, p_since timestamptz default null, p_until timestamptz default null)
returns jsonb
language plpgsql stable parallel unsafe
security definer
set search_path = ''
set work_mem = '64MB'
as $$
declare
  v_until constant timestamptz := coalesce(p_until, clock.now());
  v_since constant timestamptz := coalesce(p_since, v_until - interval '365 days');
begin
  perform account.actor(p_actor, 'admin', clock.now());
  return smartengage.what_if_document(
      v_since, v_until, jsonb_build_object('quiet_period', jsonb_strip_nulls(p_quiet_period)), clock.now())
    || jsonb_build_object('quiet_period', p_quiet_period);
end;
$$;

comment on function api.what_if_quiet(uuid, jsonb, timestamptz, timestamptz) is
$$What a quiet period more would have done.
History is decided again with it, by default that of the last 365 days: what was sent in it would have waited for its end, and for a place under the caps then, or been of no use any more; which bookings are at risk; by segment. Nothing is changed. The hours that planning would have chosen instead are not guessed, and a quiet period less cannot be tried: what planning would have done with its hours is not recorded.
Errors: SH401 the session has ended; SH403 another role; SH409 another what-if is being worked out; SH422 a quiet period or a period of history that cannot be, with the field.$$;
