create or replace function smartengage.segment_forecast(p_definitions jsonb)
returns table (segment text, before bigint, after bigint)
language sql stable parallel safe
begin atomic
  with definition as materialized (
    select d.n, t.*
    from jsonb_array_elements(p_definitions) with ordinality as d (definition, n)
    cross join lateral jsonb_to_record(d.definition) as t (
      segment text, min_visits int, max_visits int, first_visit_within_days int, silent_for_days int, past text)
  ),
  rhythm as (
    select p.user_id, max(p.overdue_at) as overdue_at, max(p.lost_at) as lost_at
    from smartengage.predicted_booking p
    group by p.user_id
  ),
  moved as (
    select c.segment as before, coalesce(d.segment, 'new') as after, count(*) as customers
    from smartengage.customer_segment c
    left join rhythm r on r.user_id = c.user_id
    left join lateral (
      select d.segment
      from definition d
      where smartengage.segment_definition_matches(
        d.min_visits, d.max_visits, d.first_visit_within_days, d.silent_for_days, d.past,
        c.visits, c.first_visit_at, c.last_visit_at, r.overdue_at, r.lost_at, c.as_of)
      order by d.n
      limit 1
    ) d on true
    group by 1, 2
  )
  select
    s.segment,
    coalesce((select sum(m.customers) from moved m where m.before = s.segment), 0)::bigint,
    coalesce((select sum(m.customers) from moved m where m.after = s.segment), 0)::bigint
  from unnest(array['new', 'repeat', 'at_risk', 'inactive']) as s (segment);
end;

comment on function smartengage.segment_forecast(jsonb) is
$$How many customers each segment contains at the last refresh (before), and would contain under other definitions (after).
p_definitions: [{segment, min_visits, max_visits, first_visit_within_days, silent_for_days, past}], tried in their order.
Both read smartengage.customer_segment, so they differ by the definitions alone.$$;
