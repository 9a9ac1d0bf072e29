create or replace view policy.setting_definition as
select k.rule, 'rule' as kind, k.value_type, k.unit, k.minimum, k.maximum, k.loosens, k.meaning
from policy.rule_definition k
union all
select
  c.cap, 'cap', 'object', 'messages in hours', 0, null, 'up',
  format('At most max_messages of purpose %s to one person in any window_hours, %s. 0 = never, null = no limit.',
         c.purpose, coalesce('by ' || c.channel || ' alone', 'over all channels together'))
from (select distinct on (c.cap) c.cap, c.purpose, c.channel from policy.cap c order by c.cap, c.version) c;

comment on view policy.setting_definition is 'What each rule and cap is: type, unit, bounds, and which way it protects people less.';
comment on column policy.setting_definition.rule is 'Name of the rule or cap.';
comment on column policy.setting_definition.kind is 'rule or cap.';
comment on column policy.setting_definition.value_type is 'JSON type of its value.';
comment on column policy.setting_definition.unit is 'What its number counts.';
comment on column policy.setting_definition.minimum is 'Least value of a number; null = none.';
comment on column policy.setting_definition.maximum is 'Greatest value of a number; null = none.';
comment on column policy.setting_definition.loosens is 'Direction in which it protects people less, which needs two admins; null = it guards neither consent nor caps. Of a cap: more messages or a shorter window.';
comment on column policy.setting_definition.meaning is 'What it does, in a sentence.';
