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
left join policy.audit a
  on a.subject in ('run ' || m.run_id, 'campaign ' || r.campaign_id)
 and a.action in ('send_single', 'send_bulk')
where m.exempt_reason is not null;

comment on view analytics.exemption is
'Messages that may ignore caps, with who asked for it and why: one row per message.
Lists them whether or not a cap was used up when they were sent.';
comment on column analytics.exemption.message_id is 'The message.';
comment on column analytics.exemption.as_of is 'Instant of planning (UTC).';
comment on column analytics.exemption.campaign is 'Name of the campaign.';
comment on column analytics.exemption.run_id is 'The run.';
comment on column analytics.exemption.channel is 'Channel of the message.';
comment on column analytics.exemption.state is 'Current state of the message.';
comment on column analytics.exemption.exempt_reason is 'Reason that the admin gave; erased after the erasure of the customer.';
comment on column analytics.exemption.asked_by is 'Id of the admin; null if the audit log has no entry.';
