create or replace function api.what_if_quiet(
  p_actor uuid, p_quiet_period jsonb default null, p_instead_of uuid default null,
  p_since timestamptz default null, p_until timestamptz default null)
returns jsonb
language plpgsql stable parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
set work_mem = '64MB'
as $$
declare
  v_until constant timestamptz := coalesce(p_until, clock.now());
  v_since constant timestamptz := coalesce(p_since, v_until - interval '365 days');
begin
  perform account.authenticate(p_actor, 'admin', clock.now());
  if p_quiet_period is null and p_instead_of is null then
    raise exception 'There is no change to replay' using errcode = 'SH422', column = 'quiet_period',
      hint = 'Give quiet_period, instead_of, or both.';
  end if;
  return what_if.comparison_document(
      v_since, v_until,
      jsonb_strip_nulls(jsonb_build_object('quiet_period', p_quiet_period, 'instead_of', p_instead_of)), clock.now())
    || jsonb_build_object('quiet_period', p_quiet_period, 'instead_of', p_instead_of);
end;
$$;

comment on function api.what_if_quiet(uuid, jsonb, uuid, timestamptz, timestamptz) is
$$Replays history with another quiet period.
By default the last 365 days. `quiet_period` alone adds one; `instead_of` alone (an id of GET /admin/calendar) removes that one;
both replace it, and omitted times, days and purpose are kept. A message sent in a quiet time would have waited for its end and for
a place under the caps, or expired; a deferred one would have been sent when it was first deferred. Also lists bookings at risk; by
segment. Nothing is changed. The send times that planning chose are kept; `limits` lists the assumptions.
Errors: SH401 the session has ended; SH403 another role; SH409 another what-if is running;
SH422 a quiet period or a period of history that is not valid, with the field.$$;
