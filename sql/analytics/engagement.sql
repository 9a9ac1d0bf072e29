create or replace view analytics.engagement as
select
  (d.sent_at at time zone policy.default_zone())::date as local_day,
  d.channel,
  c.segment,
  s.category,
  count(*) as sent,
  count(*) filter (where outreach.state_rank(m.state) >= outreach.state_rank('delivered')) as delivered,
  count(*) filter (where outreach.state_rank(m.state) >= outreach.state_rank('opened')) as opened,
  count(*) filter (where outreach.state_rank(m.state) >= outreach.state_rank('clicked')) as clicked,
  count(*) filter (where m.state = 'booked') as booked,
  count(*) filter (where d.state = 'bounced') as bounced,
  count(*) filter (where d.state = 'in_doubt') as in_doubt
from outreach.delivery d
join outreach.message m on m.message_id = d.message_id
join smartengage.candidate c on c.message_id = m.message_id
join market.service s on s.service_id = m.service_id
where d.state <> 'released'
group by 1, 2, 3, 4;

comment on view analytics.engagement is 'What became of what was sent: one row per local day, channel, segment and category. Opens and clicks of machines are left out.';
comment on column analytics.engagement.local_day is 'Day of the sending in the default time zone.';
comment on column analytics.engagement.channel is 'Channel.';
comment on column analytics.engagement.segment is 'Segment of the customer when planned.';
comment on column analytics.engagement.category is 'Category of the service.';
comment on column analytics.engagement.sent is 'Handed to a provider, in doubt included.';
comment on column analytics.engagement.delivered is 'Came at least this far.';
comment on column analytics.engagement.opened is 'Came at least this far.';
comment on column analytics.engagement.clicked is 'Came at least this far.';
comment on column analytics.engagement.booked is 'Led to an attributed booking.';
comment on column analytics.engagement.bounced is 'Came back.';
comment on column analytics.engagement.in_doubt is 'Handed over, answer lost.';
