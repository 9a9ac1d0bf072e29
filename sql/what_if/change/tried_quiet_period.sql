create or replace function what_if.tried_quiet_period(p_changes jsonb, p_from timestamptz)
returns what_if.tried_quiet_period
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_given constant jsonb := p_changes -> 'quiet_period';
  v_replaced jsonb;
  v_tried what_if.tried_quiet_period;
  v_message text;
  v_field text;
  v_hint text;
begin
  if jsonb_typeof(v_given) is distinct from 'object'
     or (v_given - '{purpose,weekday,from_time,until_time,since,until}'::text[]) <> '{}'
     or not coalesce(v_given ->> 'purpose', 'outreach') in (select c.purpose from policy.cap c)
     or not coalesce(v_given ->> 'weekday', '1') ~ '^[1-7]$' then
    raise exception 'Invalid quiet period' using errcode = 'SH422', column = 'quiet_period',
      hint = 'Give from_time and until_time, or since and until, or all four; purpose, weekday.';
  end if;
  select jsonb_strip_nulls(jsonb_build_object(
    'purpose', q.purpose, 'weekday', q.isodow, 'from_time', q.from_time, 'until_time', q.until_time,
    'since', lower(q.during), 'until', upper(q.during)))
  into v_replaced
  from policy.quiet_period q
  where q.quiet_period_id = (p_changes ->> 'instead_of')::uuid;
  begin
    v_tried := jsonb_populate_record(null::what_if.tried_quiet_period, coalesce(v_replaced, '{}') || v_given);
    -- The same check as for a new quiet period, but as of the beginning of the replay.
    perform policy.check_quiet_period(
      v_tried.from_time, v_tried.until_time, coalesce(v_tried.since, p_from), v_tried.until, coalesce(v_tried.since, p_from));
  exception
    when data_exception then
      raise exception 'Invalid time' using errcode = 'SH422', column = 'quiet_period',
        hint = 'Give from_time and until_time as 21:00, since and until as instants.';
    when sqlstate 'SH422' then
      get stacked diagnostics v_message = message_text, v_field = column_name, v_hint = pg_exception_hint;
      raise exception '%', v_message using errcode = 'SH422', column = 'quiet_period.' || v_field, hint = v_hint;
  end;
  return v_tried;
end;
$$;

comment on function what_if.tried_quiet_period(jsonb, timestamptz) is
$$The quiet period of p_changes (see what_if.comparison), for a replay from p_from on.
What it leaves out is taken from the one it replaces. The checks are those of a new one (policy.check_quiet_period), but it may
lie in the past.
Errors: SH422, with the field.$$;
