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

comment on view analytics.uplift_by_segment is
'analytics.uplift and analytics.uplift_overall by segment: one row per scope, campaign and segment.
Of twenty segments without effect, one interval excludes zero on average.';
comment on column analytics.uplift_by_segment.scope is 'campaign; everything = all campaigns against the global control group.';
comment on column analytics.uplift_by_segment.campaign_id is 'The campaign; null for everything.';
comment on column analytics.uplift_by_segment.campaign is 'Name of the campaign; null for everything.';
comment on column analytics.uplift_by_segment.segment is 'Segment of the customer at planning.';
comment on column analytics.uplift_by_segment.as_of is 'Instant of the estimate (UTC).';
comment on column analytics.uplift_by_segment.messages is
'Planned messages; for everything, expected bookings of people outside the control group.';
comment on column analytics.uplift_by_segment.ghosts is
'Held-out messages; for everything, expected bookings of the control group.';
comment on column analytics.uplift_by_segment.message_people is 'People among messages.';
comment on column analytics.uplift_by_segment.ghost_people is 'People among ghosts.';
comment on column analytics.uplift_by_segment.booked_share is 'Share of messages with a booking, 0 to 1.';
comment on column analytics.uplift_by_segment.ghost_booked_share is 'Share of ghosts with a booking, 0 to 1.';
comment on column analytics.uplift_by_segment.uplift is 'booked_share - ghost_booked_share.';
comment on column analytics.uplift_by_segment.uplift_low is 'Lower end of the 95 % interval of uplift, as in analytics.uplift.';
comment on column analytics.uplift_by_segment.uplift_high is 'Upper end of the interval.';
comment on column analytics.uplift_by_segment.too_early is
'The smaller group has fewer people than the rule uplift.min_sample: draw no conclusions.';
comment on column analytics.uplift_by_segment.verdict is
'too_early; more or fewer if the interval excludes zero; not_established if it includes it.';
