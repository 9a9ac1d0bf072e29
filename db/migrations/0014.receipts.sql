-- depends: 0011.sign-in

alter table outreach.message_event
  add column provider_id text,
  add column bounce text,
  add constraint event_bounce_is_known check (bounce in ('hard', 'soft', 'mailbox_full', 'vacation')),
  add constraint event_bounce_is_of_bounced check (bounce is null or kind = 'bounced');
create index message_event_orphan_idx on outreach.message_event (source, provider_id) where message_id is null and provider_id is not null;
comment on column outreach.message_event.provider_id is 'The provider''s name for the message. An event told by it alone waits, without message_id, until our own record knows that name.';
comment on column outreach.message_event.bounce is 'For bounces: hard (the address is no good), soft, mailbox_full, vacation (an automatic reply: no bounce at all).';

create index delivery_provider_idx on outreach.delivery (adapter, provider_id) where provider_id is not null;
create index delivery_sms_reference_idx on outreach.delivery (right(replace(message_id::text, '-', ''), 20)) where channel = 'sms';

create table outreach.webhook_call (
  provider text not null,
  webhook_id text not null,
  received_at timestamptz not null,
  body bytea,
  read_at timestamptz,
  events int,
  parse_error text,
  primary key (provider, webhook_id),
  constraint webhook_body_goes_when_read check (body is null or read_at is null),
  constraint webhook_read_tells_events check ((read_at is null) = (events is null))
);
create index webhook_call_age_idx on outreach.webhook_call (received_at);
comment on table outreach.webhook_call is 'Calls of providers whose signature was good, each id once; the worker reads the body, which is then forgotten.';
comment on column outreach.webhook_call.body is 'As it came, for the adapter to read; may hold addresses, so it is gone once read.';
comment on column outreach.webhook_call.events is 'How many events it told that were new.';
comment on column outreach.webhook_call.parse_error is 'Why it could not be understood; null if it was.';

with rules (rule, value_type, unit, minimum, maximum, loosens, value, meaning) as (values
  ('receipt.wait', 'number', 'days', 1, 60, null, '7', 'How long a receipt waits for the message it is about, and a message is asked about at its provider.'),
  ('webhook.keep', 'number', 'days', 1, 365, null, '30', 'How long it is remembered that a provider''s call was received.')
), kinds as (
  insert into policy.rule_definition (rule, value_type, unit, minimum, maximum, loosens, meaning)
  select rule, value_type, unit, minimum, maximum, loosens, meaning from rules
)
insert into policy.rule (rule, version, value, valid_at, author, reason)
select rule, 1, value::jsonb, tstzrange(null, null), 'default', meaning from rules;
