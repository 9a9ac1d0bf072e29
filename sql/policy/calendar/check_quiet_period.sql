create or replace function policy.check_quiet_period(
  p_from_time time, p_until_time time, p_since timestamptz, p_until timestamptz, p_at timestamptz)
returns void
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_invalid record;
  v_longest interval := make_interval(days => policy.number('quiet.longest', p_at)::int);
  v_daily interval := make_interval(hours => policy.number('quiet.longest_daily', p_at)::int);
begin
  select * into v_invalid
  from (values
    ('since', 'A quiet period cannot begin in the past', 'Omit since to begin now.', p_since >= p_at),
    ('until', 'A quiet period must end after it begins', null, coalesce(p_until > p_since, true)),
    ('until_time', 'Daily times need both a begin and an end', 'Give both times, or neither.',
     (p_from_time is null) = (p_until_time is null)),
    ('until_time', 'Daily times cannot begin and end at the same time', 'Omit both for whole days.',
     coalesce(p_from_time <> p_until_time, true)),
    ('until', 'Whole days need an end', 'Give until, or daily times.', p_from_time is not null or p_until is not null),
    ('until', 'The quiet period is too long',
     'The rules quiet.longest and quiet.longest_daily limit it: shorten it, or raise the rule first.',
     coalesce(p_until - p_since <= v_longest, false)
     or (p_from_time is not null
         and p_until_time - p_from_time + case when p_until_time < p_from_time then interval '24 hours' else interval '0' end
             <= v_daily))
  ) as f (field, message, hint, holds)
  where not f.holds
  limit 1;
  if found then
    raise exception '%', v_invalid.message using errcode = 'SH422', column = v_invalid.field, hint = coalesce(v_invalid.hint, '');
  end if;
end;
$$;

comment on function policy.check_quiet_period(time, time, timestamptz, timestamptz, timestamptz) is
$$Raises an error for an invalid quiet period: in the past, empty, without end, longer than quiet.longest and quiet.longest_daily.
p_until: null = without end. Errors: SH422, column = the invalid field.$$;
