create or replace view smartengage.replay_rule as
select v.rule, v.meaning, v.direction
from (values
  ('reminder.min_p14', 'stricter', 'Of who was less likely nothing is recorded: give the value that was in force, or a higher one.'),
  ('reminder.min_visits', 'stricter', 'Of who had fewer visits nothing is recorded: give the value that was in force, or a higher one.'),
  ('holdout.global_share', 'stricter', 'Whether people of the control group could have been reached is not recorded: give the share that was in force, or a larger one.'),
  ('reminder.lead', 'none', 'With another lead reminders are planned on other days. How likely people were on those, and what they had booked by then, is recorded only for those who were due on them.')
) as v (rule, direction, meaning);

comment on view smartengage.replay_rule is 'Rules, besides every cap and a quiet period more, whose other values history can tell of, and those that it cannot for a reason of their own.';
comment on column smartengage.replay_rule.rule is 'policy.rule.';
comment on column smartengage.replay_rule.meaning is 'Why only that can be tried.';
comment on column smartengage.replay_rule.direction is 'stricter: values that only take messages away; none: no other value.';
