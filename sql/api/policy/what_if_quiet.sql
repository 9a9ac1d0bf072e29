create or replace function api.what_if_quiet(
  p_actor uuid, p_quiet_period jsonb default null, p_instead_of uuid default null,
  p_since timestamptz default null, p_until timestamptz default null)
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
  perform account.authenticate(p_actor, 'admin', clock.now());
  if p_quiet_period is null and p_instead_of is null then
    raise exception 'Nothing is tried' using errcode = 'SH422', column = 'quiet_period',
      hint = 'Give a quiet period, or one that it would stand in for, or both.';
  end if;
  return what_if.comparison_document(
      v_since, v_until,
      jsonb_strip_nulls(jsonb_build_object('quiet_period', p_quiet_period, 'instead_of', p_instead_of)), clock.now())
    || jsonb_build_object('quiet_period', p_quiet_period, 'instead_of', p_instead_of);
end;
$$;

comment on function api.what_if_quiet(uuid, jsonb, uuid, timestamptz, timestamptz) is
$$What an additional quiet period, or another or none in the place of one, would have done.
History is decided again, by default that of the last 365 days: with quiet_period as an additional one; with instead_of (an id of
the calendar) without that one; with both, with the one in the place of the other, which keeps what is not given (its times, days
and purpose). What was sent in a quiet time would have waited for its end, and for a place under the caps then, or been dropped
as too late; what was deferred would have gone when it was first stopped; which bookings are at risk; by segment. Nothing is
changed.
The hours that planning chose stay: the answer states its assumptions (limits).
Errors: SH401 the session has ended; SH403 another role; SH409 another what-if is running; SH422 an impossible quiet period or
period of history, with the field.$$;
