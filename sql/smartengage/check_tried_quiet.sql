create or replace function smartengage.check_tried_quiet(p_period jsonb, p_from timestamptz)
returns void
language plpgsql stable parallel safe
set search_path = ''
as $$
declare
  v_period record;
  v_message text;
  v_field text;
  v_hint text;
begin
  if jsonb_typeof(p_period) is distinct from 'object'
     or (p_period - '{purpose,weekday,from_time,until_time,since,until}'::text[]) <> '{}'
     or not coalesce(p_period ->> 'purpose', 'outreach') in (select c.purpose from policy.cap c)
     or not coalesce(p_period ->> 'weekday', '1') ~ '^[1-7]$' then
    raise exception 'That is no quiet period' using errcode = 'SH422', column = 'quiet_period',
      hint = 'Give from_time and until_time, or since and until, or all four; purpose, weekday.';
  end if;
  begin
    select q.* into v_period
    from jsonb_to_record(p_period) as q (from_time time, until_time time, since timestamptz, until timestamptz);
    -- As one is checked that is added, but of the past.
    perform policy.check_quiet_period(
      v_period.from_time, v_period.until_time, coalesce(v_period.since, p_from), v_period.until, coalesce(v_period.since, p_from));
  exception
    when data_exception then
      raise exception 'That is no time' using errcode = 'SH422', column = 'quiet_period',
        hint = 'Give from_time and until_time as 21:00, since and until as instants.';
    when sqlstate 'SH422' then
      get stacked diagnostics v_message = message_text, v_field = column_name, v_hint = pg_exception_hint;
      raise exception '%', v_message using errcode = 'SH422', column = 'quiet_period.' || v_field, hint = v_hint;
  end;
end;
$$;

comment on function smartengage.check_tried_quiet(jsonb, timestamptz) is
$$Whether a quiet period can be tried on history from p_from on: of the same kind as one that is added (policy.check_quiet_period).
Errors: SH422, with the field.$$;
