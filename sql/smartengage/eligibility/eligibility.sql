create or replace function smartengage.eligibility(p_values smartengage.planning_values, p_at timestamptz)
returns table (
  user_id uuid, service_id uuid, segment text, occurrence text, p14 double precision,
  expected_at timestamptz, expected_value double precision, useful_until timestamptz, passes_profile_gates boolean, reason text)
language sql stable parallel safe
begin atomic
  select
    c.user_id, f.service_id, c.segment, s.code || ':' || f.visits, f.p14,
    f.expected_at, f.p14 * s.price_poisha, f.expected_at + (p_values).useful_for,
    (x.too_few_visits or x.too_early or x.unlikely or x.too_late) is not true,
    case
      when f.user_id is null or x.too_few_visits then 'too_little_history'
      when not s.active then 'service_inactive'
      -- Null segments, of an unknown campaign, admit nobody.
      when (c.segment = any ((p_values).segments)) is not true then 'not_in_segment'
      when exists (
        select
        from market.open_booking o
        where o.customer_id = f.user_id
          and o.service_id = f.service_id) then 'open_booking'
      when x.too_late then 'too_late'
      when x.too_early then 'not_due_yet'
      when x.unlikely then 'unlikely'
    end
  from smartengage.customer_segment c
  left join smartengage.predicted_booking f on f.user_id = c.user_id
  left join market.service s on s.service_id = f.service_id
  -- Gates on columns of the profile alone; most rows stop here.
  cross join lateral (
    select
      f.visits < (p_values).min_visits as too_few_visits,
      -- The first comparison spares most rows the arithmetic with days.
      f.expected_at <= p_at and f.expected_at + (p_values).useful_for <= p_at as too_late,
      -- A sub-select is computed once, not for each row.
      f.expected_at > (select p_at + (p_values).lead) as too_early,
      f.p14 < (p_values).min_p14 as unlikely
  ) x;
end;

comment on function smartengage.eligibility(smartengage.planning_values, timestamptz) is
$$Whether each customer is a candidate at an instant: one row for each service with a profile.
A customer without any profile has one row with service_id null. A customer whom smartengage.refresh_snapshots has not seen has
none: it reads smartengage.customer_segment and smartengage.predicted_booking.
reason: the first gate that stops them (policy.refusal_reason names its rule); null = a candidate (smartengage.due_candidates).
Gates in their order: too_little_history (reminder.min_visits; also customers without a profile), service_inactive,
not_in_segment, open_booking, too_late (reminder.useful_for), not_due_yet (reminder.lead), unlikely (reminder.min_p14).
passes_profile_gates: no gate on the profile alone stops them. occurrence: service code and visits so far, so one for each expected
booking. expected_value in poisha.$$;
