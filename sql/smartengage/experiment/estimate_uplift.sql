create or replace function smartengage.estimate_uplift(p_at timestamptz)
returns table (
  scope text, campaign_id uuid, segment text, messages bigint, ghosts bigint, message_people bigint, ghost_people bigint,
  booked_share double precision, ghost_booked_share double precision,
  uplift double precision, uplift_low double precision, uplift_high double precision, too_early boolean)
language sql stable parallel safe
begin atomic
  -- A person who changed segment counts once overall and once per segment.
  with person as (
    select t.scope, t.campaign_id, t.segment, t.user_id, t.held_out, count(*) as units, count(*) filter (where t.booked) as hits
    from smartengage.experiment_unit(p_at) t
    group by grouping sets (
      (t.scope, t.campaign_id, t.user_id, t.held_out),
      (t.scope, t.campaign_id, t.user_id, t.held_out, t.segment))
  ),
  arm as materialized (
    select
      p.scope, p.campaign_id, p.segment, p.held_out,
      count(*) as people,
      sum(p.units)::bigint as units,
      (sum(p.hits) / sum(p.units))::double precision as share,
      stats.effective_sample_size(
        count(*), sum(p.units)::double precision, sum(p.hits)::double precision,
        sum(p.hits * p.hits)::double precision, sum(p.hits * p.units)::double precision,
        sum(p.units * p.units)::double precision) as effective_size
    from person p
    group by p.scope, p.campaign_id, p.segment, p.held_out
  )
  select
    m.scope, m.campaign_id, m.segment, m.units, g.units, m.people, g.people, m.share, g.share,
    d.difference, d.low, d.high,
    least(m.people, g.people) < (select policy.number('uplift.min_sample', p_at))
  from arm m
  join arm g
    on g.held_out
   and g.scope = m.scope
   and g.campaign_id is not distinct from m.campaign_id
   and g.segment is not distinct from m.segment
  cross join lateral stats.newcombe_interval(m.share, m.effective_size, g.share, g.effective_size) d
  where not m.held_out;
end;

comment on function smartengage.estimate_uplift(timestamptz) is
$$The uplift of messages at an instant, per campaign and over all campaigns (scope everything).
Overall (segment null) and per segment. uplift: share of planned messages whose recipient booked (smartengage.experiment_unit),
less that of the held out; uplift_low, uplift_high: its 95 % interval.
Groups are assigned by person, so it is Newcombe's interval with the effective sample size (stats.effective_sample_size).
too_early: a group has fewer people than uplift.min_sample, so no conclusion is justified yet. No row if a group is empty.$$;
