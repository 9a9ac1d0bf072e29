create or replace view analytics.exemption as
select
  m.message_id,
  m.planned_at as as_of,
  g.name as campaign,
  m.run_id,
  m.channel,
  m.state,
  m.exempt_reason,
  a.actor as asked_by
from outreach.message m
join smartengage.run r on r.run_id = m.run_id
join smartengage.campaign g on g.campaign_id = r.campaign_id
left join policy.audit a on a.subject in ('run ' || m.run_id, 'campaign ' || r.campaign_id) and a.action in ('send_single', 'send_bulk')
where m.exempt_reason is not null;

comment on view analytics.exemption is 'Messages that may pass over a used-up cap: one row each, with who asked for it and why. Whether a cap was used up when it went is not said; all of them are few.';
comment on column analytics.exemption.message_id is 'The message.';
comment on column analytics.exemption.as_of is 'Instant (UTC) it was planned.';
comment on column analytics.exemption.campaign is 'Name of the campaign.';
comment on column analytics.exemption.run_id is 'The run.';
comment on column analytics.exemption.channel is 'Its channel.';
comment on column analytics.exemption.state is 'Where it is now.';
comment on column analytics.exemption.exempt_reason is 'The recorded reason.';
comment on column analytics.exemption.asked_by is 'Id of the admin.';
