create or replace function what_if.tried_quiet_period(p_changes jsonb)
returns jsonb
language sql stable parallel safe
return coalesce(
  (
    select jsonb_strip_nulls(jsonb_build_object(
      'purpose', q.purpose, 'weekday', q.isodow, 'from_time', q.from_time, 'until_time', q.until_time,
      'since', lower(q.during), 'until', upper(q.during)))
    from policy.quiet_period q
    where q.quiet_period_id = (p_changes ->> 'instead_of')::uuid
  ), '{}') || (p_changes -> 'quiet_period');

comment on function what_if.tried_quiet_period(jsonb) is
$$The quiet period that p_changes try (see what_if.comparison), whole: what they do not give of it stays as it is in the one that it stands for; null = they try none.$$;
