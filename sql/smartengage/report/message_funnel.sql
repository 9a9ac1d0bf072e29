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

comment on view smartengage.message_funnel is
$$Campaign messages that were handed to a provider, a row each, with the furthest state they reached.
The state of a message ignores opens and clicks by machines.$$;
comment on column smartengage.message_funnel.message_id is 'The message.';
comment on column smartengage.message_funnel.sent_at is 'Instant (UTC) of the sending.';
comment on column smartengage.message_funnel.channel is 'Channel.';
comment on column smartengage.message_funnel.segment is 'Segment of the customer at planning.';
comment on column smartengage.message_funnel.category is 'Category of the service.';
comment on column smartengage.message_funnel.campaign_id is 'The campaign.';
comment on column smartengage.message_funnel.origin is 'Origin of the text, house or model; null if it is no longer known.';
comment on column smartengage.message_funnel.delivered is 'Whether it reached at least this state.';
comment on column smartengage.message_funnel.opened is 'Whether it reached at least this state.';
comment on column smartengage.message_funnel.clicked is 'Whether it reached at least this state.';
comment on column smartengage.message_funnel.booked is 'Whether a booking is attributed to it.';
comment on column smartengage.message_funnel.bounced is 'Whether it bounced.';
comment on column smartengage.message_funnel.in_doubt is 'Whether it was handed over and the answer was lost.';
