create or replace view analytics.engagement as
select
  (s.sent_at at time zone z.zone)::date as local_day,
  s.channel,
  s.segment,
  s.category,
  count(*) as sent,
  count(*) filter (where s.delivered) as delivered,
  count(*) filter (where s.opened) as opened,
  count(*) filter (where s.clicked) as clicked,
  count(*) filter (where s.booked) as booked,
  count(*) filter (where s.bounced) as bounced,
  count(*) filter (where s.in_doubt) as in_doubt
from smartengage.message_funnel s
cross join policy.current_default_zone z
group by 1, 2, 3, 4;

comment on view analytics.engagement is
'Results of sent messages: one row per local day, channel, segment and category.
Only messages about a service. Opens and clicks of machines are excluded.';
comment on column analytics.engagement.local_day is 'Local day of sending, in the default time zone.';
comment on column analytics.engagement.channel is 'Channel of the messages.';
comment on column analytics.engagement.segment is 'Segment of the customer at planning.';
comment on column analytics.engagement.category is 'Category of the service.';
comment on column analytics.engagement.sent is 'Messages handed over to a provider, in doubt included.';
comment on column analytics.engagement.delivered is 'Messages delivered, or further.';
comment on column analytics.engagement.opened is 'Messages opened, or further.';
comment on column analytics.engagement.clicked is 'Messages clicked, or further.';
comment on column analytics.engagement.booked is 'Messages with an attributed booking.';
comment on column analytics.engagement.bounced is 'Messages that bounced.';
comment on column analytics.engagement.in_doubt is 'Messages whose providers answer was lost.';
