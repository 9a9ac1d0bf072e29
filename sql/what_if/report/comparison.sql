create or replace function what_if.comparison(p_from timestamptz, p_until timestamptz, p_changes jsonb, p_at timestamptz)
returns table (
  segment text, sent bigint, refused jsonb, unchanged bigint, later bigint, earlier bigint, no_longer jsonb, newly bigint,
  would_be_sent bigint, bookings bigint, bookings_at_risk bigint, expected_loss double precision)
language sql stable parallel restricted
begin atomic
  with sent as (
    select s.* from what_if.sent_by_segment(p_from, p_until) s
  ),
  refused as (
    select x.segment, x.reason, sum(x.n)::bigint as n
    from (
      select c.segment, c.reason, count(*) as n
      from smartengage.run r
      join smartengage.candidate c on c.run_id = r.run_id
      where r.planned_at >= p_from
        and r.planned_at < p_until
        and c.outcome = 'refused'
      group by c.segment, c.reason
      union all
      select c.segment, d.reason, count(*)
      from outreach.claim_denial d
      left join smartengage.candidate c on c.message_id = d.message_id
      where d.decided_at >= p_from
        and d.decided_at < p_until
        and d.verdict <> 'defer'
        and d.purpose <> 'transactional'
      group by c.segment, d.reason
    ) x
    group by x.segment, x.reason
  ),
  different as (
    select c.segment, c.difference, c.reason, count(*) as n, sum(c.bookings)::bigint as bookings
    from what_if.message_differences(p_from, p_until, what_if.tried_policy(p_from, p_until, p_changes, p_at)) c
    group by c.segment, c.difference, c.reason
  ),
  -- Each line counts for its segment and for the total, which is_all marks.
  line as (
    select g.is_all, case when not g.is_all then coalesce(f.segment, 'none') end as segment, f.what, f.reason, f.n, f.bookings
    from (
      select s.segment, 'sent' as what, null as reason, s.sent as n, s.bookings from sent s
      union all
      select r.segment, 'refused', r.reason, r.n, 0 from refused r
      union all
      select c.segment, c.difference, c.reason, c.n, c.bookings from different c
    ) f
    cross join (values (true), (false)) as g (is_all)
  ),
  counted as (
    select l.is_all, l.segment, l.what, l.reason, sum(l.n)::bigint as n, sum(l.bookings)::bigint as bookings
    from line l
    group by l.is_all, l.segment, l.what, l.reason
  ),
  figures as (
    select
      c.is_all, c.segment,
      coalesce(sum(c.n) filter (where c.what = 'sent'), 0)::bigint as sent,
      coalesce(jsonb_object_agg(c.reason, c.n order by c.n desc, c.reason) filter (where c.what = 'refused'), '{}') as refused,
      coalesce(sum(c.n) filter (where c.what = 'later'), 0)::bigint as later,
      coalesce(sum(c.n) filter (where c.what = 'earlier'), 0)::bigint as earlier,
      coalesce(sum(c.n) filter (where c.what = 'no_longer'), 0)::bigint as lost,
      coalesce(jsonb_object_agg(c.reason, c.n order by c.n desc, c.reason) filter (where c.what = 'no_longer'), '{}') as no_longer,
      coalesce(sum(c.n) filter (where c.what = 'newly'), 0)::bigint as newly,
      coalesce(sum(c.bookings) filter (where c.what = 'sent'), 0)::bigint as bookings,
      coalesce(sum(c.bookings) filter (where c.what in ('no_longer', 'later')), 0)::bigint as at_risk
    from counted c
    group by c.is_all, c.segment
  )
  select
    f.segment, f.sent, f.refused, f.sent - f.later - f.earlier - f.lost, f.later, f.earlier, f.no_longer, f.newly,
    f.sent - f.lost + f.newly, f.bookings, f.at_risk,
    -- Bookings that a message causes, measured against people who never get one.
    (f.lost - f.newly) * u.uplift
  from figures f
  left join smartengage.uplift u on u.scope = 'everything' and u.segment is not distinct from f.segment and not u.too_early
  order by f.is_all desc, f.segment;
end;

comment on function what_if.comparison(timestamptz, timestamptz, jsonb, timestamptz) is
$$What another policy of caps and quiet periods would have done between two instants (what_if.replay_history).
One row per segment and, first, one with segment null for the total; none = messages without a segment.
p_changes: {cap: {max_messages, window_hours}, quiet_period: {purpose, weekday, from_time, until_time, since, until},
instead_of: id}. quiet_period alone is an additional one (as policy.add_quiet_period). instead_of alone leaves out one of
policy.quiet_period. Both together replace it, and the new one keeps what is not given. A cap's max_messages null = no limit,
0 = never; what is not given stays as it was in each of its versions. '{}' is the unchanged policy, which must change nothing.
Result: history: sent, refused ({reason: n}, at planning and at the claim), bookings credited; replay: unchanged, later, earlier,
no_longer ({reason: n}), newly, would_be_sent; bookings_at_risk: credited to messages that would not have come, or only after the
booking; expected_loss: bookings fewer than in history, (no_longer − newly) × smartengage.uplift, null = not measured well enough.
Assumptions: what_if.assumptions. Rules of planning: smartengage.planning_preview.
Errors: SH422 from what_if.tried_policy.$$;
