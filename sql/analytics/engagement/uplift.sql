create or replace view analytics.uplift as
select
  c.name as campaign,
  u.as_of,
  u.messages,
  u.ghosts,
  u.booked_share,
  u.ghost_booked_share,
  u.uplift,
  u.uplift_low,
  u.uplift_high,
  u.too_early,
  u.campaign_id,
  u.message_people,
  u.ghost_people,
  u.verdict
from smartengage.uplift u
join smartengage.campaign c on c.campaign_id = u.campaign_id
where u.segment is null;

comment on view analytics.uplift is
'Uplift of campaigns: the share of planned messages with a booking, minus that of the held-out ghosts. One row per campaign.
Counts bookings of the service within the attribution window after planning, once the window has ended. Estimated each night.';
comment on column analytics.uplift.campaign is 'Name of the campaign.';
comment on column analytics.uplift.as_of is 'Instant of the estimate (UTC).';
comment on column analytics.uplift.messages is 'Planned messages, sent or not.';
comment on column analytics.uplift.ghosts is 'Held-out messages.';
comment on column analytics.uplift.booked_share is 'Share of messages with a booking, 0 to 1.';
comment on column analytics.uplift.ghost_booked_share is 'Share of ghosts with a booking, 0 to 1.';
comment on column analytics.uplift.uplift is 'booked_share - ghost_booked_share.';
comment on column analytics.uplift.uplift_low is
'Lower end of the 95 % interval of uplift (Newcombe''s hybrid score interval, on effective sample sizes by person).';
comment on column analytics.uplift.uplift_high is 'Upper end of the interval.';
comment on column analytics.uplift.too_early is
'The smaller group has fewer people than the rule uplift.min_sample: draw no conclusions.';
comment on column analytics.uplift.campaign_id is 'The campaign.';
comment on column analytics.uplift.message_people is 'People among messages; groups are assigned by person.';
comment on column analytics.uplift.ghost_people is 'People among ghosts.';
comment on column analytics.uplift.verdict is
'too_early; more or fewer if the interval excludes zero; not_established if it includes it.';
