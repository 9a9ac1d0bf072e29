create or replace view analytics.utm as
select
  (s.sent_at at time zone z.zone)::date as local_day,
  u.utm_source,
  u.utm_medium,
  u.utm_campaign,
  u.utm_content,
  count(*) as sent,
  count(*) filter (where s.clicked) as clicked,
  count(*) filter (where s.booked) as booked
from smartengage.message_funnel s
join smartengage.message_utm u on u.message_id = s.message_id
cross join policy.current_default_zone z
group by 1, 2, 3, 4, 5;

comment on view analytics.utm is
'Results of sent messages by utm_… values, to join with a web analytics tool: one row per local day and combination.
The values are those in the address of the linked page. Only messages about a service. Clicks of machines are excluded, so the tool
may count more visits.';
comment on column analytics.utm.local_day is 'Local day of sending, in the default time zone; visits may be later.';
comment on column analytics.utm.utm_source is 'Always shokti.';
comment on column analytics.utm.utm_medium is 'Channel of the message.';
comment on column analytics.utm.utm_campaign is 'Name of the campaign.';
comment on column analytics.utm.utm_content is 'template_id of analytics.variant; null = no text assigned.';
comment on column analytics.utm.sent is 'Messages handed over to a provider, in doubt included.';
comment on column analytics.utm.clicked is 'Messages clicked, or further.';
comment on column analytics.utm.booked is 'Messages with an attributed booking.';
