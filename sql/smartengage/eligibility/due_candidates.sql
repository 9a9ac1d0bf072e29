create or replace function smartengage.due_candidates(p_values smartengage.planning_values, p_at timestamptz)
returns table (
  user_id uuid, service_id uuid, segment text, occurrence text, p14 double precision,
  expected_at timestamptz, expected_value double precision, useful_until timestamptz)
language sql stable parallel safe
begin atomic
  select s.user_id, s.service_id, s.segment, s.occurrence, s.p14, s.expected_at, s.expected_value, s.useful_until
  from smartengage.eligibility(p_values, p_at) s
  where s.reason is null
    -- Redundant with the reason; lets the scan discard rows by columns of the profile alone.
    and s.passes_profile_gates
    and s.service_id is not null;
end;

comment on function smartengage.due_candidates(smartengage.planning_values, timestamptz) is
$$The candidates of a planning at an instant: the rows of smartengage.eligibility that no gate stops.
They are customers of its segments with a service expected soon (reminder.lead), likely enough (reminder.min_p14), known well
enough (reminder.min_visits), and not booked already.
occurrence: service code and visits so far, so one for each expected booking. expected_value in poisha.$$;
