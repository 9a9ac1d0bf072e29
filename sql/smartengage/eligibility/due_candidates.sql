create or replace function smartengage.due_candidates(p_campaign_id uuid, p_at timestamptz, p_segments text[] default null)
returns table (
  user_id uuid, service_id uuid, segment text, occurrence text, p14 double precision,
  expected_at timestamptz, expected_value double precision, useful_until timestamptz)
language sql stable parallel safe
begin atomic
  select s.user_id, s.service_id, s.segment, s.occurrence, s.p14, s.expected_at, s.expected_value, s.useful_until
  from smartengage.eligibility(p_campaign_id, p_at) s
  where s.reason is null
    -- No more than what that says, but told of the profile alone: all others are left out where they are read.
    and s.ripe
    and s.service_id is not null
    and (p_segments is null or s.segment = any (p_segments));
end;

comment on function smartengage.due_candidates(uuid, timestamptz, text[]) is
$$The candidates of a campaign at an instant: those whom no gate of smartengage.eligibility stops, that is customers of its segments with a service expected soon (reminder.lead), likely enough (reminder.min_p14), known well enough (reminder.min_visits), and not booked already.
occurrence: service code and visits so far, so one for each expected booking. expected_value in poisha. p_segments: only these of the campaign's segments; null = all of them.$$;
