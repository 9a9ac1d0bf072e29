-- depends: 0014.receipts

alter table outreach.message_event
  add column attempt int,
  add constraint event_attempt_is_positive check (attempt > 0),
  drop constraint event_kind_is_known,
  add constraint event_kind_is_known check (
    kind in ('sent', 'delivered', 'opened', 'clicked', 'booked', 'bounced', 'complained', 'useful', 'not_useful', 'returned'));
comment on column outreach.message_event.attempt is 'Which sending of the message it is about, where the provider tells; null: whichever bears the provider''s name.';

alter table outreach.delivery add column person_limit boolean not null default false;
comment on column outreach.delivery.person_limit is 'The provider did not deliver it because this person had enough of such messages, from everybody together.';

with rules (rule, value_type, unit, minimum, maximum, loosens, value, meaning) as (values
  ('retry.person_limit', 'number', 'hours', 1, 168, 'down', '24', 'Wait after a provider found that a person has had enough for now; doubles each time a message meets it.')
), kinds as (
  insert into policy.rule_definition (rule, value_type, unit, minimum, maximum, loosens, meaning)
  select rule, value_type, unit, minimum, maximum, loosens, meaning from rules
)
insert into policy.rule (rule, version, value, valid_at, author, reason)
select rule, 1, value::jsonb, tstzrange(null, null), 'default', meaning from rules;
