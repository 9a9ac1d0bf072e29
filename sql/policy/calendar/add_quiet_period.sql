create or replace function policy.add_quiet_period(
  p_name text, p_purpose text, p_isodow int, p_from_time time, p_until_time time, p_since timestamptz, p_until timestamptz,
  p_author text, p_reason text, p_at timestamptz)
returns uuid
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_since timestamptz := coalesce(p_since, p_at);
  v_id uuid;
begin
  perform policy.lock_changes();
  perform policy.check_quiet_period(p_from_time, p_until_time, v_since, p_until, p_at);
  insert into policy.quiet_period (name, purpose, isodow, from_time, until_time, during, created_at, author, reason)
  values (p_name, p_purpose, p_isodow, p_from_time, p_until_time, tstzrange(v_since, p_until), p_at, p_author, p_reason)
  returning quiet_period_id into v_id;
  return v_id;
end;
$$;

comment on function policy.add_quiet_period(text, text, int, time, time, timestamptz, timestamptz, text, text, timestamptz) is
$$Adds a time at which nothing is sent; it binds every later claim.
p_since: null = p_at. p_until: null = without end, allowed for daily times only.
Result: its id. Errors: SH422, column = the invalid field.$$;
