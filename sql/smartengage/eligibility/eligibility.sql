create or replace function smartengage.eligibility(p_campaign_id uuid, p_at timestamptz)
returns table (
  user_id uuid, service_id uuid, segment text, occurrence text, p14 double precision,
  expected_at timestamptz, expected_value double precision, useful_until timestamptz, ripe boolean, reason text)
language sql stable parallel safe
begin atomic
  with rule as materialized (
    select
      p_at + make_interval(days => policy.number('reminder.lead', p_at)::int) as due_by,
      make_interval(days => policy.number('reminder.useful_for', p_at)::int) as useful_for,
      policy.number('reminder.min_p14', p_at) as min_p14,
      policy.number('reminder.min_visits', p_at) as min_visits
  )
  select
    c.user_id, f.service_id, c.segment, s.code || ':' || f.visits, f.p14,
    f.expected_at, f.p14 * s.price_poisha, f.expected_at + (select r.useful_for from rule r),
    (x.unknown or x.too_early or x.unlikely or x.too_late) is not true,
    case
      when f.user_id is null or x.unknown then 'too_little_history'
      when not s.active then 'service_inactive'
      when not c.segment = any (g.segments) then 'not_in_segment'
      when exists (
        select
        from market.open_booking o
        where o.customer_id = f.user_id
          and o.service_id = f.service_id) then 'open_booking'
      when x.too_late then 'too_late'
      when x.too_early then 'not_due_yet'
      when x.unlikely then 'unlikely'
    end
  from smartengage.campaign g
  cross join smartengage.customer_segment c
  left join smartengage.predicted_booking f on f.user_id = c.user_id
  left join market.service s on s.service_id = f.service_id
  -- What the profile alone tells: of most customers it is the answer.
  cross join lateral (
    select
      f.visits < (select r.min_visits from rule r) as unknown,
      -- Nobody is too late before the day itself; days are reckoned only for the others, who are few.
      f.expected_at <= p_at and f.expected_at + (select r.useful_for from rule r) <= p_at as too_late,
      f.expected_at > (select r.due_by from rule r) as too_early,
      f.p14 < (select r.min_p14 from rule r) as unlikely
  ) x
  where g.campaign_id = p_campaign_id;
end;

comment on function smartengage.eligibility(uuid, timestamptz) is
$$Where every customer stands before a campaign at an instant: one row for each service with a profile, or one with service_id null for a customer without any.
ripe: no gate that looks at the profile alone stops them, so that who asks for candidates need not read the others any further (smartengage.due_candidates).
reason: the first gate that stops them (outreach.refusal_rule names its rule); null = a candidate, which smartengage.due_candidates hands to smartengage.plan_decisions.
Gates in their order: too_little_history (reminder.min_visits; also who has no profile), service_inactive, not_in_segment, open_booking, too_late (reminder.useful_for), not_due_yet (reminder.lead), unlikely (reminder.min_p14).
Reads smartengage.customer_segment and smartengage.predicted_booking: who is not there yet (smartengage.refresh_snapshots) has no row. occurrence: service code and visits so far, so one for each expected booking. expected_value in poisha.$$;
