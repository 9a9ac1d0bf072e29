create or replace view smartengage.message_funnel as
select
  d.message_id,
  d.sent_at,
  d.channel,
  c.segment,
  s.category,
  r.campaign_id,
  t.origin,
  outreach.message_state_rank(m.state) >= outreach.message_state_rank('delivered') as delivered,
  outreach.message_state_rank(m.state) >= outreach.message_state_rank('opened') as opened,
  outreach.message_state_rank(m.state) >= outreach.message_state_rank('clicked') as clicked,
  m.state = 'booked' as booked,
  d.state = 'bounced' as bounced,
  d.state = 'in_doubt' as in_doubt
from outreach.delivery d
join outreach.message m on m.message_id = d.message_id
join smartengage.candidate c on c.message_id = m.message_id
join smartengage.run r on r.run_id = c.run_id
join market.service s on s.service_id = m.service_id
left join text.template t on t.template_id = d.template_id
where d.state <> 'released';

comment on view smartengage.message_funnel is 'Campaign messages that were handed to a provider, a row each, and how far they came. The state of a message knows only what people did: opens and clicks of machines are left out.';
comment on column smartengage.message_funnel.message_id is 'The message.';
comment on column smartengage.message_funnel.sent_at is 'Instant (UTC) of the sending.';
comment on column smartengage.message_funnel.channel is 'Channel.';
comment on column smartengage.message_funnel.segment is 'Segment of the customer when planned.';
comment on column smartengage.message_funnel.category is 'Category of the service.';
comment on column smartengage.message_funnel.campaign_id is 'The campaign.';
comment on column smartengage.message_funnel.origin is 'Who wrote the text: house, model; null where it is not known any more.';
comment on column smartengage.message_funnel.delivered is 'Came at least this far.';
comment on column smartengage.message_funnel.opened is 'Came at least this far.';
comment on column smartengage.message_funnel.clicked is 'Came at least this far.';
comment on column smartengage.message_funnel.booked is 'Led to an attributed booking.';
comment on column smartengage.message_funnel.bounced is 'Came back.';
comment on column smartengage.message_funnel.in_doubt is 'Handed over, answer lost.';
