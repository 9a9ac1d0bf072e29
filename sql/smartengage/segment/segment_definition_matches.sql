create or replace function smartengage.segment_definition_matches(
  p_min_visits int, p_max_visits int, p_first_visit_within_days int, p_silent_for_days int, p_past text,
  p_visits int, p_first_visit_at timestamptz, p_last_visit_at timestamptz, p_overdue_at timestamptz, p_lost_at timestamptz,
  p_at timestamptz)
returns boolean
language sql stable parallel safe
return p_visits between coalesce(p_min_visits, 0) and coalesce(p_max_visits, p_visits)
  and (p_first_visit_within_days is null or p_first_visit_at > p_at - make_interval(days => p_first_visit_within_days))
  and (p_silent_for_days is null or p_last_visit_at <= p_at - make_interval(days => p_silent_for_days))
  and (p_past is null or coalesce(case p_past when 'lost' then p_lost_at else least(p_overdue_at, p_lost_at) end < p_at, false));

comment on function smartengage.segment_definition_matches(
  int, int, int, int, text, int, timestamptz, timestamptz, timestamptz, timestamptz, timestamptz) is
$$Whether all conditions of a definition (smartengage.segment_definition, null = no condition) hold for a customer at an instant.$$;
