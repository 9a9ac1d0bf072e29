create or replace view smartengage.message_utm as
select
  m.message_id,
  'shokti' as utm_source,
  m.channel as utm_medium,
  coalesce(c.name, m.kind) as utm_campaign,
  m.template_id::text as utm_content
from outreach.message m
left join smartengage.campaign c on c.campaign_id = m.campaign_id;

comment on view smartengage.message_utm is
$$The utm_… parameters of the page behind a message's link: a row per message. They contain nothing personal.
They are not in the message itself, where each byte of a link costs and encodings could damage them: api.link returns them, and the
browser is redirected to the address with them.$$;
comment on column smartengage.message_utm.message_id is 'The message.';
comment on column smartengage.message_utm.utm_source is 'Always shokti.';
comment on column smartengage.message_utm.utm_medium is 'Channel of the message.';
comment on column smartengage.message_utm.utm_campaign is 'Current name of the campaign; of messages without one, their kind.';
comment on column smartengage.message_utm.utm_content is 'The text: template_id of analytics.variant; null = none.';
