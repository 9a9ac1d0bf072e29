create or replace view analytics.uplift as
with person as (
  -- By intention: everybody planned counts, sent or not, as the ghosts cannot tell which of them would have failed.
  select
    r.campaign_id,
    m.state = 'ghost' as held_out,
    exists (
      select
      from market.booking b
      where b.customer_id = m.user_id
        and b.service_id = m.service_id
        and b.status <> 'cancelled'
        and b.created_at >= m.due_at
        and b.created_at < m.due_at + make_interval(days => (select policy.number('attribution.window', clock.now()))::int)) as booked
  from outreach.message m
  join smartengage.run r on r.run_id = m.run_id
  where m.due_at < clock.now() - make_interval(days => (select policy.number('attribution.window', clock.now()))::int)
),
arm as (
  select
    p.campaign_id,
    count(*) filter (where not p.held_out) as n1,
    count(*) filter (where p.held_out) as n0,
    avg(p.booked::int) filter (where not p.held_out)::double precision as r1,
    avg(p.booked::int) filter (where p.held_out)::double precision as r0
  from person p
  group by p.campaign_id
)
select
  c.name as campaign,
  clock.now() as as_of,
  a.n1 as messages,
  a.n0 as ghosts,
  a.r1 as booked_share,
  a.r0 as ghost_booked_share,
  a.r1 - a.r0 as uplift,
  a.r1 - a.r0 - 1.96 * sqrt(a.r1 * (1 - a.r1) / a.n1 + a.r0 * (1 - a.r0) / a.n0) as uplift_low,
  a.r1 - a.r0 + 1.96 * sqrt(a.r1 * (1 - a.r1) / a.n1 + a.r0 * (1 - a.r0) / a.n0) as uplift_high,
  least(a.n1, a.n0) < (select policy.number('uplift.min_sample', clock.now())) as too_early
from arm a
join smartengage.campaign c on c.campaign_id = a.campaign_id
where a.n1 > 0
  and a.n0 > 0;

comment on view analytics.uplift is 'What the messages of a campaign brought: share who booked the service within the attribution window after the due time, against the held-out ghosts. Only windows that have ended.';
comment on column analytics.uplift.campaign is 'Name of the campaign.';
comment on column analytics.uplift.as_of is 'Instant (UTC) of this look.';
comment on column analytics.uplift.messages is 'People and services planned to be written to.';
comment on column analytics.uplift.ghosts is 'People and services held out.';
comment on column analytics.uplift.booked_share is 'Share of the first who booked.';
comment on column analytics.uplift.ghost_booked_share is 'Share of the second who booked.';
comment on column analytics.uplift.uplift is 'Difference of the shares.';
comment on column analytics.uplift.uplift_low is 'Lower end of its 95 % interval (normal approximation, unpooled).';
comment on column analytics.uplift.uplift_high is 'Upper end.';
comment on column analytics.uplift.too_early is 'The smaller group is below uplift.min_sample: do not conclude anything yet.';
