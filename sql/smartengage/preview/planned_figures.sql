create or replace function smartengage.planned_figures(p_campaign_id uuid, p_values smartengage.planning_values, p_at timestamptz)
returns jsonb
language sql stable parallel safe
begin atomic
  with counted as (
    select d.segment, d.outcome, d.reason, count(*) as n
    from smartengage.plan_decisions(p_campaign_id, p_values, p_at, 'preview') d
    group by grouping sets ((d.segment, d.outcome, d.reason), (d.outcome, d.reason))
  ),
  -- Segment null is the total; without candidates it is the only row.
  figures as (
    select
      s.segment,
      jsonb_build_object(
        'candidates', coalesce(sum(c.n), 0),
        'messages', coalesce(sum(c.n) filter (where c.outcome = 'message'), 0),
        'ghosts', coalesce(sum(c.n) filter (where c.outcome = 'ghost'), 0),
        'refused', coalesce(sum(c.n) filter (where c.outcome = 'refused'), 0),
        'refusals', coalesce(jsonb_object_agg(c.reason, c.n) filter (where c.outcome = 'refused'), '{}')) as figures
    from (select null as segment union select c.segment from counted c) s
    left join counted c on c.segment is not distinct from s.segment
    group by s.segment
  )
  select f.figures || jsonb_build_object('segments', (
    select coalesce(jsonb_agg(jsonb_build_object('segment', s.segment) || s.figures order by s.segment), '[]')
    from figures s
    where s.segment is not null))
  from figures f
  where f.segment is null;
end;

comment on function smartengage.planned_figures(uuid, smartengage.planning_values, timestamptz) is
$$Counts of smartengage.plan_decisions, in total and by segment. Reads only.
{candidates, messages, ghosts, refused, refusals: {reason: n}, segments: [{segment, the same}]}.$$;
