create or replace view smartengage.replay_rule as
select v.rule, v.meaning
from (values
  ('reminder.min_p14', 'Of who was less likely nothing is recorded: give the value that was in force, or a higher one.'),
  ('reminder.min_visits', 'Of who had fewer visits nothing is recorded: give the value that was in force, or a higher one.'),
  ('holdout.global_share', 'Whether people of the control group could have been reached is not recorded: give the share that was in force, or a larger one.')
) as v (rule, meaning);

comment on view smartengage.replay_rule is 'Rules, besides every cap, whose other values a replay can try on history: they only take messages away.';
comment on column smartengage.replay_rule.rule is 'policy.rule.';
comment on column smartengage.replay_rule.meaning is 'Why only one direction can be tried.';
