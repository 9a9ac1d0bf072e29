create or replace function smartengage.segment_of(
  p_visits int, p_first_visit_at timestamptz, p_last_visit_at timestamptz, p_overdue_at timestamptz, p_lost_at timestamptz,
  p_at timestamptz)
returns table (segment text, version int)
language sql stable parallel safe
begin atomic
  select d.segment, d.version
  from smartengage.segment_definition d
  where d.valid_at @> p_at
    and smartengage.segment_definition_matches(
      d.min_visits, d.max_visits, d.first_visit_within_days, d.silent_for_days, d.past,
      p_visits, p_first_visit_at, p_last_visit_at, p_overdue_at, p_lost_at, p_at)
  order by d.position
  limit 1;
end;

comment on function smartengage.segment_of(int, timestamptz, timestamptz, timestamptz, timestamptz, timestamptz) is
$$The segment of a customer with these figures at an instant, and the version of its definition.
It is that of the first smartengage.segment_definition by position whose conditions all hold.
p_overdue_at, p_lost_at: the latest of all predicted services, null without any.
No row if none matches; smartengage.classify_customers and explain.past_prediction then use new, version 1.$$;
