create or replace function policy.calendar(p_past boolean, p_at timestamptz)
returns jsonb
language sql stable parallel safe
begin atomic
  select jsonb_build_object('items', coalesce(jsonb_agg(policy.quiet_period_document(q, p_at)
    order by lower(q.during) nulls first, q.created_at, q.quiet_period_id), '[]'))
  from policy.quiet_period q
  where p_past
     or not isempty(q.during) and coalesce(upper(q.during) > p_at, true);
end;

comment on function policy.calendar(boolean, timestamptz) is
$$Quiet periods in force or scheduled; with p_past also those that are over or were withdrawn.
Result: {items: [policy.quiet_period_document]}.$$;
