create or replace function smartengage.due(p_campaign_id uuid, p_at timestamptz, p_segments text[] default null)
returns table (
  user_id uuid, service_id uuid, segment text, occurrence text, p14 double precision,
  expected_at timestamptz, expected_value double precision, useful_until timestamptz)
language sql stable parallel safe
begin atomic
  with rule as materialized (
    select
      make_interval(days => policy.number('reminder.lead', p_at)::int) as lead,
      make_interval(days => policy.number('reminder.useful_for', p_at)::int) as useful_for,
      policy.number('reminder.min_p14', p_at) as min_p14,
      policy.number('reminder.min_visits', p_at) as min_visits
  )
  select
    f.user_id, f.service_id, c.segment, s.code || ':' || f.visits, f.p14,
    f.expected_at, f.p14 * s.price_poisha, f.expected_at + r.useful_for
  from smartengage.campaign g
  cross join rule r
  join smartengage.profile f
    on f.expected_at <= p_at + r.lead
   and f.expected_at + r.useful_for > p_at
   and f.p14 >= r.min_p14
   and f.visits >= r.min_visits
  join smartengage.customer c on c.user_id = f.user_id and c.segment = any (g.segments) and c.segment = any (coalesce(p_segments, g.segments))
  join market.service s on s.service_id = f.service_id and s.active
  where g.campaign_id = p_campaign_id
    and not exists (
      select
      from market.open_booking o
      where o.customer_id = f.user_id
        and o.service_id = f.service_id);
end;

comment on function smartengage.due(uuid, timestamptz, text[]) is
$$The candidates of a campaign at an instant: customers of its segments with a service expected soon (reminder.lead), likely enough (reminder.min_p14), known well enough (reminder.min_visits), and not booked already.
Reads smartengage.profile. occurrence: service code and visits so far, so one for each expected booking. expected_value in poisha. p_segments: only these of the campaign's segments; null = all of them.$$;
