create or replace function smartengage.estimate_uplift(p_at timestamptz)
returns table (
  scope text, campaign_id uuid, segment text, messages bigint, ghosts bigint, message_people bigint, ghost_people bigint,
  booked_share double precision, ghost_booked_share double precision,
  uplift double precision, uplift_low double precision, uplift_high double precision, too_early boolean)
language sql stable parallel safe
begin atomic
  -- Whoever moved to another segment is one person in the whole and one in each.
  with person as (
    select t.scope, t.campaign_id, t.segment, t.user_id, t.held_out, count(*) as cases, count(*) filter (where t.booked) as hits
    from smartengage.experiment_unit(p_at) t
    group by grouping sets (
      (t.scope, t.campaign_id, t.user_id, t.held_out),
      (t.scope, t.campaign_id, t.user_id, t.held_out, t.segment))
  ),
  arm as materialized (
    select
      p.scope, p.campaign_id, p.segment, p.held_out,
      count(*) as people,
      sum(p.cases)::bigint as cases,
      (sum(p.hits) / sum(p.cases))::double precision as share,
      stats.effective_sample_size(
        count(*), sum(p.cases)::double precision, sum(p.hits)::double precision,
        sum(p.hits * p.hits)::double precision, sum(p.hits * p.cases)::double precision,
        sum(p.cases * p.cases)::double precision) as worth
    from person p
    group by p.scope, p.campaign_id, p.segment, p.held_out
  )
  select
    m.scope, m.campaign_id, m.segment, m.cases, g.cases, m.people, g.people, m.share, g.share,
    d.difference, d.low, d.high,
    least(m.people, g.people) < (select policy.number('uplift.min_sample', p_at))
  from arm m
  join arm g
    on g.held_out
   and g.scope = m.scope
   and g.campaign_id is not distinct from m.campaign_id
   and g.segment is not distinct from m.segment
  cross join lateral stats.newcombe_interval(m.share, m.worth, g.share, g.worth) d
  where not m.held_out;
end;

comment on function smartengage.estimate_uplift(timestamptz) is
$$What being written to brought, at an instant: the share of planned messages whose reader booked (smartengage.experiment_unit) less that of the held out, per campaign and over all campaigns, as a whole (segment null) and per segment, with a 95 % interval.
Groups are drawn by person, so the interval counts people: Newcombe's, with what their cases are worth (stats.effective_sample_size). too_early: fewer people in a group than uplift.min_sample; nothing should be concluded yet. No row where a group is empty.$$;
