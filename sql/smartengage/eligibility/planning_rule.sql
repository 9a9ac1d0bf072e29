create or replace view smartengage.planning_rule as
select v.rule
from (values
  ('reminder.lead'),
  ('reminder.useful_for'),
  ('reminder.min_p14'),
  ('reminder.min_visits'),
  ('holdout.global_share')
) as v (rule);

comment on view smartengage.planning_rule is
  'The rules that planning takes as values (smartengage.planning_values), so that a preview can replace them.';
comment on column smartengage.planning_rule.rule is 'policy.rule.';
