create or replace view outreach.delivery_consent as
select
  d.message_id, d.attempt, d.user_id, d.channel, d.purpose, d.sent_at, d.state,
  lower(c.valid_at) as granted_at, c.source, c.wording_version, c.actor,
  upper(c.valid_at) as withdrawn_at, c.withdrawn_source
from outreach.delivery d
left join account.consent c
  on c.user_id = d.user_id
 and c.channel = d.consent_channel
 and c.purpose = d.consent_purpose
 and c.valid_at @> d.sent_at;

comment on view outreach.delivery_consent is
  'The consent behind each delivery; one row per delivery. Only purpose transactional has none (constraint delivery_has_consent).';
comment on column outreach.delivery_consent.message_id is 'The message.';
comment on column outreach.delivery_consent.attempt is 'Number of the delivery of the message, from 1.';
comment on column outreach.delivery_consent.user_id is 'Recipient.';
comment on column outreach.delivery_consent.channel is 'Channel.';
comment on column outreach.delivery_consent.purpose is 'Purpose.';
comment on column outreach.delivery_consent.sent_at is 'Instant (UTC) of the claim, at which consent was required.';
comment on column outreach.delivery_consent.state is
  'State of the delivery; released = never accepted, or returned by the provider.';
comment on column outreach.delivery_consent.granted_at is 'Instant (UTC) of the grant; null = none needed.';
comment on column outreach.delivery_consent.source is 'Where consent was granted.';
comment on column outreach.delivery_consent.wording_version is 'Version of the wording that the person agreed to.';
comment on column outreach.delivery_consent.actor is 'Who recorded the grant: the person, or an admin for them.';
comment on column outreach.delivery_consent.withdrawn_at is 'Instant (UTC) of the withdrawal, after the delivery; null = in force.';
comment on column outreach.delivery_consent.withdrawn_source is 'Where consent was withdrawn; null = in force.';
