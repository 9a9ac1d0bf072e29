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

comment on view analytics.uplift is 'What the messages of a campaign brought: share who booked the service within the attribution window after the planning, against the held-out ghosts. Only windows that have ended; measured each night.';
comment on column analytics.uplift.campaign is 'Name of the campaign.';
comment on column analytics.uplift.as_of is 'Instant (UTC) of this look.';
comment on column analytics.uplift.messages is 'People and services planned to be written to.';
comment on column analytics.uplift.ghosts is 'People and services held out.';
comment on column analytics.uplift.booked_share is 'Share of the first that was booked.';
comment on column analytics.uplift.ghost_booked_share is 'Share of the second that was booked.';
comment on column analytics.uplift.uplift is 'Difference of the shares.';
comment on column analytics.uplift.uplift_low is 'Lower end of its 95 % interval (Newcombe''s hybrid score interval; a person''s repeated answers count for what they are worth).';
comment on column analytics.uplift.uplift_high is 'Upper end.';
comment on column analytics.uplift.too_early is 'The smaller group has fewer people than uplift.min_sample: do not conclude anything yet.';
comment on column analytics.uplift.campaign_id is 'The campaign.';
comment on column analytics.uplift.message_people is 'People among the messages; the groups are drawn by person.';
comment on column analytics.uplift.ghost_people is 'People among the ghosts.';
comment on column analytics.uplift.verdict is 'too_early; more or fewer: the interval leaves out zero; not_established: it does not.';
