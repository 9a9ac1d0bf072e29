create or replace view policy.setting_version as
select r.rule, 'rule' as kind, r.version, r.value, r.valid_at, r.author, r.reason, r.proposal_id
from policy.rule r
union all
select
  c.cap, 'cap', c.version,
  jsonb_build_object('max_messages', c.max_messages, 'window_hours', c.window_hours, 'purpose', c.purpose, 'channel', c.channel),
  c.valid_at, c.author, c.reason, c.proposal_id
from policy.cap c;

comment on view policy.setting_version is 'Every version of every rule and cap under one name space, a row each.';
comment on column policy.setting_version.rule is 'Name of the rule or cap.';
comment on column policy.setting_version.kind is 'rule or cap.';
comment on column policy.setting_version.version is 'Counted from 1 for each name.';
comment on column policy.setting_version.value is 'As policy.rule_definition says; of a cap {max_messages (0 = never, null = no limit), window_hours, purpose, channel (null = all together)}.';
comment on column policy.setting_version.valid_at is 'When it is in force (UTC instants); empty = replaced before it ever came into force.';
comment on column policy.setting_version.author is 'Who set it: an admin''s id, or what was written by hand.';
comment on column policy.setting_version.reason is 'Why.';
comment on column policy.setting_version.proposal_id is 'The approved proposal it carries out; null = it needed none, or was written by hand.';
