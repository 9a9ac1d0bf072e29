create or replace function api.add_quiet_period(
  p_actor uuid, p_name text, p_reason text, p_purpose text default null, p_weekday int default null,
  p_from_time time default null, p_until_time time default null, p_since timestamptz default null, p_until timestamptz default null)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_admin account.person := account.authenticate(p_actor, 'admin', clock.now());
  v_id uuid;
begin
  v_id := policy.add_quiet_period(
    p_name, p_purpose, p_weekday, p_from_time, p_until_time, p_since, p_until, v_admin.user_id::text, p_reason, clock.now());
  perform outreach.check_quiet_length(v_id, clock.now());
  return (select policy.quiet_period_document(q, clock.now()) from policy.quiet_period q where q.quiet_period_id = v_id);
end;
$$;

comment on function api.add_quiet_period(uuid, text, text, text, int, time, time, timestamptz, timestamptz) is
$$Adds a quiet period: dates (a feast, a disaster, a strike), daily or weekly times, or daily times between dates.
It applies at once, also to planned messages. Times are local to each person.
Errors: SH401 the session has ended; SH403 another role; SH422 a field that is not valid.$$;
