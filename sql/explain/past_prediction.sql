create or replace function explain.past_prediction(p_user_id uuid, p_at timestamptz)
returns table (
  service_id uuid, as_of timestamptz, visits int, p14 double precision, expected_at timestamptz, segment text, segment_version int)
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
-- A custom plan each time: only a plan for this person finds their bookings by the index.
begin
  return query
  with scored as materialized (
    select s.service_id, s.visits, s.p14, s.expected_at, s.overdue_at, s.lost_at
    from prediction.score(p_at, p_user_id) s
  ),
  -- Everybody with a rhythm is scored, unless no model of that time is kept: then the prediction is unknown.
  known as materialized (
    select * from scored
    union all
    select r.service_id, r.visits, null, null, null, null
    from prediction.recent_gaps(p_at, 1, true, p_user_id) r
    where not exists (select from scored)
  ),
  visited as (
    select count(*)::int as visits, min(b.completed_at) as first_visit_at, max(b.completed_at) as last_visit_at
    from market.booking b
    where b.customer_id = p_user_id
      and b.status = 'completed'
      and b.completed_at < p_at
  ),
  classified as materialized (
    select coalesce(d.segment, 'new') as segment, coalesce(d.version, 1) as version
    from visited v
    cross join (select max(s.overdue_at) as overdue_at, max(s.lost_at) as lost_at from known s) r
    left join lateral smartengage.segment_of(v.visits, v.first_visit_at, v.last_visit_at, r.overdue_at, r.lost_at, p_at) d on true
  )
  select
    s.service_id, coalesce(k.planned_at, p_at), s.visits, coalesce(k.p14, s.p14), coalesce(k.expected_at, s.expected_at),
    coalesce(k.segment, g.segment), case when coalesce(k.segment, g.segment) = g.segment then g.version end
  from known s
  left join classified g on s.p14 is not null
  -- Figures that a candidate was planned by within the day before are on record.
  left join lateral (
    select n.planned_at, a.p14, a.expected_at, a.segment
    from smartengage.candidate a
    join smartengage.run n on n.run_id = a.run_id
    where a.user_id = p_user_id
      and a.service_id = s.service_id
      and n.planned_at <= p_at
      and n.planned_at > p_at - interval '1 day'
    order by n.planned_at desc
    limit 1
  ) k on true;
end;
$$;

comment on function explain.past_prediction(uuid, timestamptz) is
$$What was predicted of one person at an instant before their present profile.
For a candidate planned within the day before, it is the recorded figures; for all else prediction.score of that instant, with
the model learned before it.
A row for each service with a rhythm by then; as_of: the instant of the prediction. If no model of that time is kept, p14,
expected_at and segment are null: unknown.$$;
