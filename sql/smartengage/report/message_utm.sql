create or replace view smartengage.message_utm as
select
  m.message_id,
  'shokti' as utm_source,
  m.channel as utm_medium,
  coalesce(c.name, m.kind) as utm_campaign,
  m.template_id::text as utm_content
from outreach.message m
left join smartengage.campaign c on c.campaign_id = m.campaign_id;

comment on view smartengage.message_utm is 'What the address of the page behind a message''s link says of where the visitor came from, by the usual names (utm_…): a row per message. Nothing of the person is in it.
It does not stand in the message: there every byte of a link costs, and each encoding has its own way to harm it. api.link tells it, and the browser is sent on to the address that has it.';
comment on column smartengage.message_utm.message_id is 'The message.';
comment on column smartengage.message_utm.utm_source is 'Always shokti.';
comment on column smartengage.message_utm.utm_medium is 'Channel of the message.';
comment on column smartengage.message_utm.utm_campaign is 'Name of the campaign as it is now; of messages without one, what triggered them.';
comment on column smartengage.message_utm.utm_content is 'The text: template_id of analytics.variant; null = none.';
