create or replace function policy.check_quiet_period(
  p_from_time time, p_until_time time, p_since timestamptz, p_until timestamptz, p_at timestamptz)
returns void
language plpgsql stable parallel safe
set search_path = ''
as $$
declare
  v_fault record;
  v_longest interval := make_interval(days => policy.number('quiet.longest', p_at)::int);
  v_daily interval := make_interval(hours => policy.number('quiet.longest_daily', p_at)::int);
begin
  select * into v_fault
  from (values
    ('since', 'It would begin in the past', 'Leave since out for now.', p_since >= p_at),
    ('until', 'It ends after it begins', null, coalesce(p_until > p_since, true)),
    ('until_time', 'A daily time has a begin and an end', 'Give both times, or neither.', (p_from_time is null) = (p_until_time is null)),
    ('until_time', 'A daily time has a length', 'Leave both out for whole days.', coalesce(p_from_time <> p_until_time, true)),
    ('until', 'Whole days need an end', 'Give until, or daily times.', p_from_time is not null or p_until is not null),
    ('until', 'That is longer than quiet time may last', 'Rules quiet.longest and quiet.longest_daily; split what must be longer, and raise the rule first.',
     coalesce(p_until - p_since <= v_longest, false)
     or (p_from_time is not null
         and p_until_time - p_from_time + case when p_until_time < p_from_time then interval '24 hours' else interval '0' end <= v_daily))
  ) as f (field, sentence, hint, holds)
  where not f.holds
  limit 1;
  if found then
    raise exception '%', v_fault.sentence using errcode = 'SH422', column = v_fault.field, hint = coalesce(v_fault.hint, '');
  end if;
end;
$$;

comment on function policy.check_quiet_period(time, time, timestamptz, timestamptz, timestamptz) is
$$Refuses a quiet period that cannot be, naming the field: in the past, without length, without end, or longer than quiet.longest and quiet.longest_daily allow. p_until null = without end.
Errors: SH422 with the field that cannot be.$$;
