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

comment on view analytics.utm is 'The bridge to a web analytics tool: what became of what was sent, by the very values of utm_… that it sees in the address of the page; one row per local day of sending and combination. Clicks of machines are left out, so it may count more visits.';
comment on column analytics.utm.local_day is 'Day of the sending in the default time zone; visits may be later.';
comment on column analytics.utm.utm_source is 'Always shokti.';
comment on column analytics.utm.utm_medium is 'Channel.';
comment on column analytics.utm.utm_campaign is 'Name of the campaign.';
comment on column analytics.utm.utm_content is 'The text: template_id of analytics.variant.';
comment on column analytics.utm.sent is 'Handed to a provider, in doubt included.';
comment on column analytics.utm.clicked is 'Came at least this far.';
comment on column analytics.utm.booked is 'Led to an attributed booking.';
