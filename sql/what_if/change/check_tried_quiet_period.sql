create or replace function what_if.check_tried_quiet_period(p_changes jsonb, p_from timestamptz)
returns void
language plpgsql stable parallel safe
set search_path = ''
as $$
declare
  v_tried constant jsonb := p_changes -> 'quiet_period';
  v_period record;
  v_message text;
  v_field text;
  v_hint text;
begin
  if p_changes ? 'instead_of' and not exists (
    select from policy.quiet_period q where q.quiet_period_id::text = p_changes ->> 'instead_of') then
    raise exception 'There is no such quiet period' using errcode = 'SH422', column = 'instead_of',
      detail = coalesce(p_changes ->> 'instead_of', 'null'), hint = 'Give the id of one of policy.quiet_period, or leave it out.';
  elsif not p_changes ? 'quiet_period' then
    return;
  end if;
  if jsonb_typeof(v_tried) is distinct from 'object'
     or (v_tried - '{purpose,weekday,from_time,until_time,since,until}'::text[]) <> '{}'
     or not coalesce(v_tried ->> 'purpose', 'outreach') in (select c.purpose from policy.cap c)
     or not coalesce(v_tried ->> 'weekday', '1') ~ '^[1-7]$' then
    raise exception 'That is no quiet period' using errcode = 'SH422', column = 'quiet_period',
      hint = 'Give from_time and until_time, or since and until, or all four; purpose, weekday.';
  end if;
  begin
    select q.* into v_period
    from jsonb_to_record(what_if.tried_quiet_period(p_changes)) as q (from_time time, until_time time, since timestamptz, until timestamptz);
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

comment on function what_if.check_tried_quiet_period(jsonb, timestamptz) is
$$Whether the quiet period that p_changes (see what_if.comparison) try can be tried on history from p_from on: of the same kind as one that is added (policy.check_quiet_period), in place of one that there is.
Errors: SH422, with the field.$$;
