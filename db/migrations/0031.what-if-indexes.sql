-- depends: 0030.house-texts-2
-- What a replay looks up of millions of messages is in the index that finds it: the wide rows are not read.

drop index smartengage.candidate_message_idx;
create index candidate_message_idx on smartengage.candidate (message_id) include (segment);

drop index outreach.delivery_live_once_idx;
create unique index delivery_live_once_idx on outreach.delivery (message_id) include (sent_at, purpose) where state <> 'released';

create index message_booked_idx on outreach.message (message_id) where state = 'booked';

alter type what_if.replay_result add attribute before_at timestamptz;
comment on column what_if.replay_result.before_at is 'When it was sent in truth, where that is known without looking it up.';

with rules (rule, value_type, unit, minimum, maximum, loosens, value, meaning) as (values
  ('decision.keep', 'number', 'days', 30, 3650, null, '400', 'How long it is kept what was decided on messages at each claim. Thirteen months: a what-if looks at up to 366 days, which may have ended some weeks ago.')
), kinds as (
  insert into policy.rule_definition (rule, value_type, unit, minimum, maximum, loosens, meaning)
  select rule, value_type, unit, minimum, maximum, loosens, meaning from rules
)
insert into policy.rule (rule, version, value, valid_at, author, reason)
select rule, 1, value::jsonb, tstzrange(null, null), 'default', meaning from rules;
