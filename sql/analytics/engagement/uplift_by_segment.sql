create or replace view analytics.uplift_by_segment as
select
  u.scope,
  u.campaign_id,
  c.name as campaign,
  u.segment,
  u.as_of,
  u.messages,
  u.ghosts,
  u.message_people,
  u.ghost_people,
  u.booked_share,
  u.ghost_booked_share,
  u.uplift,
  u.uplift_low,
  u.uplift_high,
  u.too_early,
  u.verdict
from smartengage.uplift u
left join smartengage.campaign c on c.campaign_id = u.campaign_id
where u.segment is not null;

comment on view analytics.uplift_by_segment is 'analytics.uplift and analytics.uplift_overall by segment. Of many segments one looks surprising by chance: with twenty looks at nothing, one interval leaves out zero.';
comment on column analytics.uplift_by_segment.scope is 'campaign, or everything: all campaigns against the global control group.';
comment on column analytics.uplift_by_segment.campaign_id is 'The campaign; null for everything.';
comment on column analytics.uplift_by_segment.campaign is 'Its name; null for everything.';
comment on column analytics.uplift_by_segment.segment is 'Segment of the customer when planned.';
comment on column analytics.uplift_by_segment.as_of is 'Instant (UTC) of this look.';
comment on column analytics.uplift_by_segment.messages is 'People and services written to, or due for it.';
comment on column analytics.uplift_by_segment.ghosts is 'People and services held out.';
comment on column analytics.uplift_by_segment.message_people is 'People among the first.';
comment on column analytics.uplift_by_segment.ghost_people is 'People among the second.';
comment on column analytics.uplift_by_segment.booked_share is 'Share of the first that was booked.';
comment on column analytics.uplift_by_segment.ghost_booked_share is 'Share of the second that was booked.';
comment on column analytics.uplift_by_segment.uplift is 'Difference of the shares.';
comment on column analytics.uplift_by_segment.uplift_low is 'Lower end of its 95 % interval.';
comment on column analytics.uplift_by_segment.uplift_high is 'Upper end.';
comment on column analytics.uplift_by_segment.too_early is 'The smaller group has fewer people than uplift.min_sample: do not conclude anything yet.';
comment on column analytics.uplift_by_segment.verdict is 'too_early; more or fewer: the interval leaves out zero; not_established: it does not.';
