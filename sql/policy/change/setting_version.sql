create or replace view policy.setting_version as
select r.rule, 'rule' as kind, r.version, r.value, r.valid_at, r.author, r.reason, r.proposal_id
from policy.rule r
union all
select
  c.cap, 'cap', c.version,
  jsonb_build_object('max_messages', c.max_messages, 'window_hours', c.window_hours, 'purpose', c.purpose, 'channel', c.channel),
  c.valid_at, c.author, c.reason, c.proposal_id
from policy.cap c;

comment on view policy.setting_version is 'Every version of every rule and cap, one row each; rules and caps share one name space.';
comment on column policy.setting_version.rule is 'Name of the rule or cap.';
comment on column policy.setting_version.kind is 'rule or cap.';
comment on column policy.setting_version.version is 'Counts from 1 for each name.';
comment on column policy.setting_version.value is
$$Value of a rule, of the type in policy.rule_definition.
For a cap: {max_messages (0 = none, null = no limit), window_hours, purpose, channel (null = all channels)}.$$;
comment on column policy.setting_version.valid_at is 'When it is in force (UTC instants); empty = withdrawn before it began.';
comment on column policy.setting_version.author is 'Who set it: the id of an admin, or a name given in psql.';
comment on column policy.setting_version.reason is 'Why it was set.';
comment on column policy.setting_version.proposal_id is 'The approved proposal that it applies; null = not needed, or set in psql.';
