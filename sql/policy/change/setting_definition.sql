create or replace view policy.setting_definition as
select d.rule, 'rule' as kind, d.value_type, d.unit, d.minimum, d.maximum, d.loosens, d.meaning
from policy.rule_definition d
union all
select
  c.cap, 'cap', 'object', 'messages in hours', 0, null, 'up',
  format('At most max_messages of purpose %s to one person in any window_hours, %s. 0 = never, null = no limit.',
         c.purpose, coalesce('by ' || c.channel || ' alone', 'over all channels together'))
from (select distinct on (c.cap) c.cap, c.purpose, c.channel from policy.cap c order by c.cap, c.version) c;

comment on view policy.setting_definition is 'Type, unit and bounds of each rule and cap, and the direction in which it loosens.';
comment on column policy.setting_definition.rule is 'Name of the rule or cap.';
comment on column policy.setting_definition.kind is 'rule or cap.';
comment on column policy.setting_definition.value_type is 'JSON type of the value.';
comment on column policy.setting_definition.unit is 'Unit of a number.';
comment on column policy.setting_definition.minimum is 'Least value of a number; null = no bound.';
comment on column policy.setting_definition.maximum is 'Greatest value of a number; null = no bound.';
comment on column policy.setting_definition.loosens is
$$Direction that protects people less, and so needs two admins; null = the rule guards neither consent nor caps.
A cap loosens with more messages or a shorter window.$$;
comment on column policy.setting_definition.meaning is 'What the rule or cap does, in a sentence.';
